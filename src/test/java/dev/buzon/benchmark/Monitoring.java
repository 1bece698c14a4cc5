package dev.buzon.benchmark;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.SQLException;
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
        Path files = new Data(ground).bizumFiles(warmUp + count);
        Load load = Load.oneByOne("bizums", files, warmUp, count);
        List<Contestant> contestants = new ArrayList<>();
        contestants.add(contestant("nobody looks", ground, Buzon.LAUNCHER, load, false));
        contestants.add(contestant("the page is open", ground, Buzon.LAUNCHER, load, true));
        OtherBuild.launcher()
                .ifPresent(launcher -> contestants.add(0, contestant("without it", ground, launcher, load, false)));
        for (int round = 0; round < ground.size(6, 1); round++) {
            for (Contestant one : contestants) {
                one.take();
            }
        }
        OtherBuild.compare(NAME, contestants, report);
    }

    private static Contestant contestant(String name, Ground ground, Path launcher, Load load, boolean watched) {
        return new Contestant(name, () -> take(name, ground, launcher, load, watched));
    }

    private static Figures take(String name, Ground ground, Path launcher, Load load, boolean watched)
            throws IOException, InterruptedException, SQLException {
        ScheduledExecutorService watcher = Executors.newSingleThreadScheduledExecutor();
        try {
            return Backlog.take(ground, launcher, load, NAME + "-" + name.replace(' ', '-'), List.of(), () -> {
                if (watched) {
                    watch(watcher);
                }
            });
        } finally {
            watcher.shutdownNow();
        }
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
