package dev.buzon.simulation;

import dev.buzon.home.CleanSource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * The world in which a history begins.
 *
 * @param server whether the ledger is on a server, and two daemons share the home
 * @param cleanSource of the routes, in the order of {@link #ROUTES}
 * @param filesPerJob of all routes
 * @param oneArchive whether the routes share the folder of their archives
 * @param eager whether consumers take results as soon as they are to be seen
 * @param ledger the version of the ledger that is there; 0 if there is none
 * @param handledBefore how many files of each route the program has handled that made it, if it is an older one
 * @param diskClock how far the disk's clock is ahead, in milliseconds
 */
record Setup(
        boolean server,
        DiskHabits.Order order,
        int grainMillis,
        boolean reusesInodes,
        List<CleanSource> cleanSource,
        int filesPerJob,
        boolean oneArchive,
        boolean eager,
        int ledger,
        int handledBefore,
        int diskClock) {

    /** The first has a result for each file, the second a table. */
    static final List<String> ROUTES = List.of("invoices", "bizums");

    static final Setup SIMPLE = new Setup(
            false,
            DiskHabits.Order.IN_ORDER,
            0,
            false,
            List.of(CleanSource.ARCHIVE, CleanSource.ARCHIVE),
            1,
            false,
            false,
            LedgerImages.NEWEST,
            0,
            0);

    Setup withHandledBefore(int files) {
        return new Setup(
                server,
                order,
                grainMillis,
                reusesInodes,
                cleanSource,
                filesPerJob,
                oneArchive,
                eager,
                ledger,
                files,
                diskClock);
    }

    DiskHabits habits() {
        return new DiskHabits(
                order, grainMillis == 0 ? Duration.ofNanos(1) : Duration.ofMillis(grainMillis), reusesInodes);
    }

    /** What the settings of the home say. */
    Properties properties() {
        Properties given = new Properties();
        for (int i = 0; i < ROUTES.size(); i++) {
            String prefix = "buzon." + ROUTES.get(i) + ".";
            given.setProperty(prefix + "clean-source", cleanSource.get(i).name().toLowerCase(Locale.ROOT));
            given.setProperty(prefix + "files-per-job", Integer.toString(filesPerJob));
            if (oneArchive) {
                given.setProperty(prefix + "archive", "archive/all");
                given.setProperty(prefix + "duplicates", "archive/duplicates/all");
            }
        }
        if (server) {
            given.setProperty("buzon.ledger.url", "jdbc:postgresql://simulated/ledger");
        }
        return given;
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        Map<String, Object> words = new LinkedHashMap<>();
        words.put("server", server);
        words.put("order", order);
        words.put("grain", grainMillis);
        words.put("reuse", reusesInodes);
        words.put("clean", cleanSource.stream().map(Enum::name).collect(Collectors.joining(",")));
        words.put("files", filesPerJob);
        words.put("one-archive", oneArchive);
        words.put("eager", eager);
        words.put("ledger", ledger);
        words.put("handled-before", handledBefore);
        words.put("disk-clock", diskClock);
        return words.entrySet().stream()
                .map(word -> word.getKey() + "=" + word.getValue())
                .collect(Collectors.joining(" "));
    }

    static Setup parse(String line) {
        Map<String, String> words = new LinkedHashMap<>();
        for (String word : line.strip().split(" +")) {
            words.put(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
        }
        return new Setup(
                Boolean.parseBoolean(words.get("server")),
                DiskHabits.Order.valueOf(words.get("order")),
                Integer.parseInt(words.get("grain")),
                Boolean.parseBoolean(words.get("reuse")),
                List.of(words.get("clean").split(",")).stream()
                        .map(CleanSource::valueOf)
                        .toList(),
                Integer.parseInt(words.get("files")),
                Boolean.parseBoolean(words.get("one-archive")),
                Boolean.parseBoolean(words.get("eager")),
                Integer.parseInt(words.get("ledger")),
                Integer.parseInt(words.getOrDefault("handled-before", "0")),
                Integer.parseInt(words.get("disk-clock")));
    }
}
