package dev.buzon.simulation;

import dev.buzon.home.CleanSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Says whether the service kept its promises. It knows what senders sent, looks at the disk and at the ledger's rows, and
 * shares no code with the service.
 */
final class Oracle {

    private final World world;

    Oracle(World world) {
        this.world = world;
    }

    private Folders folders() {
        return world.folders();
    }

    private CleanSource cleanSource(String route) {
        return world.setup().cleanSource().get(Setup.ROUTES.indexOf(route));
    }

    /** The contents that the ledger knows. */
    Set<Content> handled() {
        Map<String, Content> byKey = byKey();
        Set<Content> handled = new HashSet<>();
        for (Rows.File row : Rows.read(world.store()).files()) {
            handled.add(byKey.get(row.route() + row.key()));
        }
        return handled;
    }

    private Map<String, Content> byKey() {
        Map<String, Content> byKey = new HashMap<>();
        for (Content content : world.senders().contents()) {
            byKey.put(content.route + content.key, content);
        }
        return byKey;
    }

    /** What is to be seen is whole, and what was committed is there: before any daemon has started again. */
    void checkAfterPowerCut() {
        world.consumers().expectWhole();
        Map<String, Content> byKey = byKey();
        for (Rows.File row : Rows.read(world.store()).files()) {
            Content content = byKey.get(row.route() + row.key());
            if (content == null) {
                throw new Violation("handled, and nobody sent it: " + row);
            }
            if (content.maybe == 0
                    && !content.renamed
                    && cleanSource(row.route()) == CleanSource.ARCHIVE
                    && isThere(content)
                    && folders().copiesOf(content) == 0) {
                throw new Violation("committed, and its source is lost: " + row);
            }
        }
    }

    private boolean isThere(Content content) {
        return folders().isThere(folders().inbox(content.route))
                && folders().isThere(folders().archive(content.route))
                && folders().isThere(folders().duplicates(content.route));
    }

    /**
     * What has not come to rest, for a person; empty if nothing.
     *
     * @param isLastSent whether there has been one more batch of each route: it throws away the folder that a daemon made
     *     once another had taken over
     */
    String whatIsLeft(boolean isLastSent) {
        List<String> left = new ArrayList<>();
        if (!world.senders().isAtRest()) {
            left.add("a sender is writing");
        }
        Rows rows = Rows.read(world.store());
        Map<String, Rows.Left> stay = new HashMap<>();
        rows.left().forEach(row -> stay.put(row.path(), row));
        for (String route : Setup.ROUTES) {
            for (Path file : folders().visible(folders().inbox(route))) {
                if (!isAsItWasLeft(file, stay.get(file.toString()))) {
                    left.add(file + ": " + folders().read(file).strip());
                }
            }
            below(folders().inbox(route)).stream()
                    .filter(file -> file.contains("/."))
                    .forEach(left::add);
            for (Path around : List.of(folders().outbox(route), folders().rejected(route))) {
                below(around.resolve(".staging/" + route)).stream()
                        .filter(staged -> isLastSent || !isEmptyOfEarlierLease(staged, rows.lease()))
                        .forEach(left::add);
            }
        }
        rows.files().stream().filter(row -> row.state().equals("COMMITTED")).forEach(row -> left.add(row.toString()));
        rows.duplicates().stream().filter(Rows.Duplicate::moving).forEach(row -> left.add(row.toString()));
        Path table = world.consumers().table();
        String published =
                Files.exists(table, LinkOption.NOFOLLOW_LINKS) ? folders().read(table) : "";
        List<String> highest = published.lines().sorted().toList();
        if (!highest.equals(highestInLedger())) {
            left.add(table + ": " + highest + ", and the ledger has " + highestInLedger());
        }
        return String.join("\n  ", left);
    }

    private boolean isEmptyOfEarlierLease(String staged, long lease) {
        String number = staged.substring(staged.lastIndexOf('.') + 1);
        return number.matches("[0-9]+")
                && Long.parseLong(number) < lease
                && below(folders().home().resolve(staged)).isEmpty();
    }

    private static boolean isAsItWasLeft(Path file, Rows.Left row) {
        try {
            Map<String, Object> now = Files.readAttributes(file, "unix:ino,ctime", LinkOption.NOFOLLOW_LINKS);
            return row != null
                    && now.get("ino").equals(row.inode())
                    && now.get("ctime").toString().equals(row.changed());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> highestInLedger() {
        try {
            return Rows.highest(world.store(), "bizums").stream().sorted().toList();
        } catch (SQLException e) {
            // No daemon has made the tables yet.
            return List.of(e.getMessage());
        }
    }

    private static List<String> below(Path folder) {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(Path::toString).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All is at rest. */
    void check() {
        world.consumers().expectWhole();
        Rows rows = Rows.read(world.store());
        checkFiles(rows);
        checkCopies(rows);
        checkResults();
        checkHighest(rows);
        checkDuplicates(rows);
        checkTotals(rows);
        checkNothingElse();
    }

    private void checkFiles(Rows rows) {
        Map<String, Content> byKey = byKey();
        Map<String, Rows.File> byContent = new HashMap<>();
        Set<String> results = new HashSet<>();
        for (Path result : world.consumers().allResults()) {
            results.add(folders().home().relativize(world.consumers().placeOf(result)) + "\n"
                    + folders().read(result));
        }
        for (Rows.File row : rows.files()) {
            Content content = byKey.get(row.route() + row.key());
            if (content == null) {
                throw new Violation("handled, and nobody sent it: " + row);
            }
            byContent.put(row.route() + row.key(), row);
            checkRow(row, content);
            if (row.output() != null && content.sure > 0 && content.replays == 0) {
                expect(results.contains(row.output() + "\n" + content.result()), "where its result is", row, content);
            }
        }
        for (Content content : world.senders().contents()) {
            if (content.sure > 0 && !byContent.containsKey(content.route + content.key)) {
                throw new Violation("lost: " + content);
            }
        }
    }

    private void checkRow(Rows.File row, Content content) {
        expect((row.error() != null) == content.isUnreadable(), "rejected or not", row, content);
        expect(row.records() == content.good().size(), "its records", row, content);
        expect(row.bad() == content.bad().size(), "its bad records", row, content);
        expect((row.output() != null) == content.hasResult(), "its result", row, content);
        CleanSource clean = cleanSource(row.route());
        boolean mayBeGone = content.maybe > 0 || content.renamed;
        boolean right =
                switch (row.state()) {
                    case "ARCHIVED" -> clean != CleanSource.DELETE && !content.isUnreadable();
                    case "REJECTED" -> content.isUnreadable();
                    case "DELETED" -> clean == CleanSource.DELETE && !content.isUnreadable();
                    case "LEFT" -> clean == CleanSource.OFF && !content.isUnreadable();
                    // A daemon that stood still may delete it once another has taken over.
                    case "GONE" ->
                        mayBeGone
                                || clean == CleanSource.DELETE && world.setup().server();
                    case "REPLAYED" -> content.replays > 0 && (!content.isReplayed || mayBeGone);
                    default -> false;
                };
        expect(right, "its state", row, content);
        if (row.rejectedOutput() != null && !row.state().equals("REPLAYED")) {
            expect(saysWhatIsWrong(path(row.rejectedOutput()), content), "what is wrong of it", row, content);
        }
    }

    private boolean saysWhatIsWrong(Path file, Content content) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        String said = folders().read(file);
        return content.isUnreadable()
                ? said.contains(content.text.strip())
                : said.lines().toList().equals(content.bad());
    }

    private static void expect(boolean right, String what, Rows.File row, Content content) {
        if (!right) {
            throw new Violation(what + ": " + row + " of " + content + ", sent " + content.sure + " times, and perhaps "
                    + content.maybe + " more");
        }
    }

    private Path path(String relative) {
        return folders().home().resolve(relative);
    }

    /** Each file that was sent is in one place, and the ledger says where. */
    private void checkCopies(Rows rows) {
        Map<String, Integer> sure = new TreeMap<>();
        Map<String, Integer> most = new TreeMap<>();
        Set<Path> archives = new LinkedHashSet<>();
        for (Content content : world.senders().contents()) {
            boolean deletes = cleanSource(content.route) == CleanSource.DELETE;
            // If it was renamed once it was rejected, it is a duplicate of itself.
            boolean stays = !deletes || content.isUnreadable() && !content.renamed && content.maybe == 0;
            sure.merge(content.text, stays ? content.sure : 0, Integer::sum);
            most.merge(content.text, content.sure + content.maybe, Integer::sum);
        }
        Map<String, Set<Path>> copies = new HashMap<>();
        for (String route : Setup.ROUTES) {
            archives.add(folders().archive(route));
            archives.add(folders().duplicates(route));
            archives.add(folders().rejected(route));
        }
        Set<String> named = new HashSet<>();
        for (Path archive : archives) {
            for (Path file : folders().visibleBelow(archive)) {
                if (Folders.isSource(file)) {
                    copies.computeIfAbsent(folders().read(file), same -> new HashSet<>())
                            .add(file);
                    named.add(file.toString());
                }
            }
        }
        for (String route : Setup.ROUTES) {
            for (Path file : folders().visible(folders().inbox(route))) {
                copies.computeIfAbsent(folders().read(file), same -> new HashSet<>())
                        .add(file);
            }
        }
        world.consumers().foreign().forEach(file -> named.remove(file.toString()));
        copies.remove("foreign");
        for (Map.Entry<String, Set<Path>> copy : copies.entrySet()) {
            int count = copy.getValue().size();
            if (count > most.getOrDefault(copy.getKey(), 0)) {
                throw new Violation("in too many places: \"" + copy.getKey() + "\": " + copy.getValue());
            }
        }
        sure.forEach((text, count) -> {
            int found = copies.getOrDefault(text, Set.of()).size();
            // A rejected file that came again is a duplicate, and goes as clean-source says.
            if (found < count && !(text.startsWith("unreadable") && found > 0)) {
                throw new Violation("sent " + count + " times, and there " + found + " times: \"" + text + "\"");
            }
        });
        checkPlaces(rows, named);
    }

    /** Of a duplicate that stays in its inbox, the ledger does not say where the housekeeping put it. */
    private boolean isCleanedDuplicate(Path file) {
        return Setup.ROUTES.stream()
                .anyMatch(route -> cleanSource(route) == CleanSource.OFF
                        && file.startsWith(folders().duplicates(route)));
    }

    private boolean isReplayed(String text) {
        return world.senders().contents().stream()
                .anyMatch(content -> content.replays > 0 && content.text.equals(text));
    }

    private void checkPlaces(Rows rows, Set<String> named) {
        Map<String, String> keys = new HashMap<>();
        for (Rows.File row : rows.files()) {
            if (row.archived() != null && !row.state().equals("REPLAYED")) {
                keys.put(path(row.archived()).toString(), row.key());
            }
        }
        for (Rows.Duplicate row : rows.duplicates()) {
            if (row.archived() != null && keys.put(path(row.archived()).toString(), row.key()) != null) {
                throw new Violation("two rows name one place: " + row);
            }
        }
        keys.forEach((place, key) -> {
            if (!named.remove(place)) {
                throw new Violation("the ledger names a file that is not there: " + place);
            }
        });
        named.removeIf(place -> isCleanedDuplicate(folders().home().resolve(place)));
        // What a replay was to take out of the archive, and did not come to.
        named.removeIf(place -> isReplayed(folders().read(folders().home().resolve(place))));
        if (!named.isEmpty()) {
            throw new Violation("in the archive, and the ledger doesn't name it: " + named);
        }
    }

    private void checkResults() {
        Map<String, Integer> found = new HashMap<>();
        for (Path result : world.consumers().allResults()) {
            found.merge(folders().read(result), 1, Integer::sum);
        }
        for (Content content : world.senders().contents()) {
            if (content.hasResult()) {
                int count = found.getOrDefault(content.result(), 0);
                if (count < (content.sure > 0 ? 1 : 0) || count > 1 + content.replays) {
                    throw new Violation(
                            count + " results of " + content + ", handled anew " + content.replays + " times");
                }
            }
        }
    }

    private void checkHighest(Rows rows) {
        Map<String, Content> byKey = byKey();
        Map<String, String> highest = new TreeMap<>();
        for (Rows.File row : rows.files()) {
            if (row.route().equals("bizums") && row.error() == null) {
                for (String line : byKey.get(row.route() + row.key()).good()) {
                    String person = line.substring(0, line.indexOf(';'));
                    highest.merge(person, line, Oracle::higher);
                }
            }
        }
        try {
            List<String> inLedger = Rows.highest(world.store(), "bizums");
            if (!inLedger.equals(List.copyOf(highest.values()))) {
                throw new Violation("the highest are " + highest.values() + ", and the ledger has " + inLedger);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static String higher(String one, String other) {
        int byAmount = Integer.compare(amount(one), amount(other));
        return byAmount > 0 || byAmount == 0 && one.compareTo(other) < 0 ? one : other;
    }

    private static int amount(String bizum) {
        return Integer.parseInt(bizum.split(";")[1]);
    }

    /** A file is a duplicate if another of its content came before it. */
    private void checkDuplicates(Rows rows) {
        Map<String, Integer> duplicates = new HashMap<>();
        rows.duplicates().forEach(row -> duplicates.merge(row.route() + row.key(), 1, Integer::sum));
        for (Content content : world.senders().contents()) {
            int found = duplicates.getOrDefault(content.route + content.key, 0);
            // Otherwise it may be a duplicate of itself.
            boolean stayedAsItWas = content.maybe == 0 && !content.renamed && !content.touched && content.replays == 0;
            if (stayedAsItWas && found > 0 && found > content.sure - 1) {
                throw new Violation(found + " duplicates of " + content + ", sent " + content.sure + " times");
            }
        }
    }

    private void checkTotals(Rows rows) {
        for (String route : Setup.ROUTES) {
            List<Rows.File> files = rows.files().stream()
                    .filter(row -> row.route().equals(route))
                    .toList();
            long rejected = files.stream().filter(row -> row.error() != null).count();
            long duplicates = rows.duplicates().stream()
                    .filter(row -> row.route().equals(route))
                    .count();
            int replays = world.senders().contents().stream()
                    .filter(content -> content.route.equals(route))
                    .mapToInt(content -> content.replays)
                    .sum();
            Rows.Total total = rows.totals().getOrDefault(route, new Rows.Total(0, 0, 0));
            long handled = total.handled() + total.rejectedFiles();
            if (total.duplicates() != duplicates
                    || handled < files.size()
                    || handled > files.size() + replays
                    || total.rejectedFiles() < rejected) {
                throw new Violation("the totals of " + route + ": " + total + ", and " + files.size() + " files, "
                        + rejected + " of them rejected, " + duplicates + " duplicates");
            }
        }
    }

    private void checkNothingElse() {
        if (!folders().read(folders().secret()).equals("secret")) {
            throw new Violation("a file outside of the home is another");
        }
    }
}
