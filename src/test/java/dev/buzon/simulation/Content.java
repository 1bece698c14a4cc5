package dev.buzon.simulation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * A content that senders have sent to a route, and what is to become of it: by the rules of the simulated jobs, and not by
 * the service.
 *
 * <p>A line that begins with {@code bad}, or was to be a bizum and is what a disk has left of it, is a bad record. A text that begins with {@code unreadable} is rejected whole.
 */
final class Content {

    final String route;
    final String text;
    final String key;
    private final List<String> good;
    private final String result;
    /** How many files of it are surely to be handled, or found to be duplicates. */
    int sure;
    /** How many more there may be: their senders took them back, or wrote over them, at some moment. */
    int maybe;
    /** Whether a file of it was somewhere else than before at some moment. */
    boolean renamed;
    /** Whether anything but its content was changed of a file of it. */
    boolean touched;
    /** How many times somebody may have had it handled anew. */
    int replays;
    /** Whether the last one to ask for that was told that it will be. */
    boolean isReplayed;
    /** Whether it is what a disk had of another: the service may ask for that once more. */
    boolean lost;
    /** Whether it has several names at once in an inbox: to write to one is to write to all. */
    boolean linked;

    Content(String route, String text) {
        this.route = route;
        this.text = text;
        this.key = sha256(text);
        this.good = isUnreadable()
                ? List.of()
                : text.lines().filter(line -> !isBad(route, line)).toList();
        this.result = resultOf(good);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean isUnreadable() {
        return text.startsWith("unreadable");
    }

    /** One of its files is no longer sure to be handled. */
    void unsure() {
        sure--;
        maybe++;
    }

    static boolean isBad(String route, String line) {
        return line.startsWith("bad") || route.equals("bizums") && !line.matches("[^;]+;[0-9]+;[^;]*");
    }

    List<String> good() {
        return good;
    }

    List<String> bad() {
        return isUnreadable()
                ? List.of()
                : text.lines().filter(line -> isBad(route, line)).toList();
    }

    /** Whether it has a result of its own in the outbox. */
    boolean hasResult() {
        return route.equals("invoices") && !good.isEmpty();
    }

    String result() {
        return result;
    }

    static String resultOf(List<String> good) {
        StringBuilder result = new StringBuilder();
        good.forEach(line -> result.append(line.toUpperCase(Locale.ROOT)).append('\n'));
        return result.toString();
    }

    @Override
    public String toString() {
        return route + " \"" + text.strip().replace("\n", "|") + "\" " + key.substring(0, 8);
    }
}
