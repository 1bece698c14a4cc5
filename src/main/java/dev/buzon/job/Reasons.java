package dev.buzon.job;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often each kind of reason was given. Two reasons are of one kind where they differ in numbers and in what they
 * quote alone. Bounded, whatever the input.
 */
public final class Reasons implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final int KINDS = 30;
    private static final int LENGTH = 100;
    private static final String OTHERS = "other reasons";

    private final TreeMap<String, Long> counts = new TreeMap<>();

    public synchronized void add(String reason) {
        add(kind(reason), 1);
    }

    public synchronized void add(Reasons others) {
        others.counts().forEach(this::add);
    }

    /** By kind. */
    public synchronized Map<String, Long> counts() {
        return new TreeMap<>(counts);
    }

    private void add(String kind, long count) {
        counts.merge(counts.size() < KINDS || counts.containsKey(kind) ? kind : OTHERS, count, Long::sum);
    }

    /** The reason with {@code N} for each number and {@code "…"} for what is in quotes. */
    static String kind(String reason) {
        StringBuilder kind = new StringBuilder();
        boolean quoted = false;
        boolean number = false;
        for (int i = 0; i < reason.length() && kind.length() < LENGTH; i++) {
            char c = reason.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            if (c == '"') {
                kind.append(quoted ? "…\"" : "\"");
                quoted = !quoted;
            } else if (!quoted && digit && !number) {
                kind.append('N');
            } else if (!quoted && !digit) {
                kind.append(c);
            }
            number = digit;
        }
        return kind.toString().strip();
    }
}
