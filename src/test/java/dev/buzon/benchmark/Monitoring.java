package dev.buzon.benchmark;

import static dev.buzon.benchmark.Report.number;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What it costs to know what the service does: small files, as in {@link Backlog}, with the page open and Prometheus
 * reading, with nobody looking, and by a build of the program without it, where the system property {@code
 * benchmark.without} names its folder.
 */
final class Monitoring implements Work {

    private static final String NAME = "monitoring";
    private static final String PAGE = "http://127.0.0.1:8099";

    @Override
    public void run(Ground ground, Report report) throws Exception {
        int count = ground.size(2_000, 12);
        int warmUp = ground.size(2_000, 4);
        Path files = new Data(ground).bizumFiles(warmUp + count, 20, 1_000);
        List<Contestant> contestants = new ArrayList<>();
        contestants.add(contestant("nobody looks", ground, Buzon.LAUNCHER, files, warmUp, false));
        contestants.add(contestant("the page is open", ground, Buzon.LAUNCHER, files, warmUp, true));
        String without = System.getProperty("benchmark.without", "");
        if (!without.isEmpty()) {
            Path launcher = Path.of(without).resolve("buzon").toAbsolutePath();
            Buzon.build(launcher);
            contestants.add(0, contestant("without it", ground, launcher, files, warmUp, false));
        }
        for (int round = 0; round < ground.size(6, 1); round++) {
            for (Contestant one : contestants) {
                one.take();
            }
        }
        Contestant first = contestants.get(0);
        for (Contestant one : contestants) {
            report.detail(NAME, one, of -> "a file: median %s ms, mean %s ms; %s and %s times those of the first"
                    .formatted(
                            number(of.median("ms")),
                            number(of.mean("ms")),
                            number(of.median("ms") / first.figures().median("ms")),
                            number(of.mean("ms") / first.figures().mean("ms"))));
        }
    }

    private static Contestant contestant(
            String name, Ground ground, Path launcher, Path files, int warmUp, boolean watched) {
        return new Contestant(name, () -> take(name, ground, launcher, files, warmUp, watched));
    }

    private static Figures take(String name, Ground ground, Path launcher, Path files, int warmUp, boolean watched)
            throws IOException, InterruptedException, SQLException {
        Path home = ground.fresh("buzon");
        Figures figures = new Figures();
        int count = Ground.files(files).size();
        ScheduledExecutorService watcher = Executors.newSingleThreadScheduledExecutor();
        try (Buzon buzon = Buzon.of(launcher, home, ground.log(NAME + "-" + name.replace(' ', '-')))) {
            Ground.link(files, count, buzon.inbox("bizums"));
            Buzon.settle();
            buzon.start().awaitReady();
            if (watched) {
                watch(watcher);
            }
            buzon.awaitEmpty("bizums", Duration.ofMinutes(10));
            buzon.stop(figures);
            List<Handled> handled = Handled.read(buzon.ledger(), "bizums", buzon.startedAt(), count);
            for (int i = warmUp; i < count; i++) {
                figures.add("ms", Handled.millis(handled, i - 1, i));
            }
        } finally {
            watcher.shutdownNow();
        }
        ground.remove(home);
        return figures;
    }

    /** As often as the page of a browser and a Prometheus ask. */
    private static void watch(ScheduledExecutorService watcher) {
        HttpClient client = HttpClient.newHttpClient();
        ask(watcher, client, "/api/status", 1_000);
        for (String path : List.of(
                "/api/plots?route=bizums&window=15m",
                "/api/plots?route=invoices&window=15m",
                "/api/files?limit=20",
                "/api/rejected?limit=20",
                "/api/tables")) {
            ask(watcher, client, path, 5_000);
        }
        ask(watcher, client, "/metrics", 15_000);
    }

    private static void ask(ScheduledExecutorService watcher, HttpClient client, String path, long everyMillis) {
        watcher.scheduleAtFixedRate(
                () -> client.sendAsync(
                        HttpRequest.newBuilder(URI.create(PAGE + path)).build(), BodyHandlers.discarding()),
                0,
                everyMillis,
                TimeUnit.MILLISECONDS);
    }
}
