package dev.buzon.benchmark;

import dev.buzon.benchmark.rival.StreamingBizums;
import dev.buzon.benchmark.rival.StreamingInvoices;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures the program side by side with what else could do its work. Ends with 1 where something failed; a target that
 * was missed is no failure.
 */
public final class Benchmark {

    private static final Map<String, List<String>> GROUPS = Map.of(
            "all", List.of("invoices", "bizums", "large", "large-2g", "idle", "start", "growth"),
            "backlog", List.of("invoices", "bizums"),
            "before", List.of("before-invoices", "before-bizums"),
            "batches", List.of("batches-invoices", "batches-small-invoices", "batches-bizums", "batches-cluster"));

    private Benchmark() {}

    /** The system property {@code benchmark} picks works; {@code benchmark.small} asks for a tiny form of them. */
    public static void main(String... arguments) throws Exception {
        Map<String, Work> works = pick(System.getProperty("benchmark", "all"));
        boolean small = Boolean.getBoolean("benchmark.small");
        Path folder = Files.createDirectories(Path.of("target/benchmark").toAbsolutePath());
        Ground ground = new Ground(folder, small);
        String heading = Machine.heading(ground);
        Report report = new Report();
        Buzon.build(Buzon.LAUNCHER);
        ground.clear();
        for (Map.Entry<String, Work> work : works.entrySet()) {
            System.err.println(work.getKey());
            try {
                work.getValue().run(ground, report);
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                e.printStackTrace();
                report.failure(work.getKey(), "all", e.toString());
            }
            Files.writeString(folder.resolve("results.md"), report.markdown(heading));
        }
        report.boundPeak(Target.atMost(900, 700));
        Files.writeString(folder.resolve("results.md"), report.markdown(heading));
        System.out.println(report.markdown(heading));
        ground.clear();
        System.exit(report.hasFailed() ? 1 : 0);
    }

    private static Map<String, Work> works() {
        Map<String, Work> works = new LinkedHashMap<>();
        works.put(
                "invoices",
                new Backlog("invoices", StreamingInvoices.class, Target.atLeast(15, 25), Data::invoiceFiles));
        works.put("bizums", new Backlog("bizums", StreamingBizums.class, Target.atLeast(25, 40), Data::bizumFiles));
        works.put("large", new LargeFile("large", 400, 20));
        works.put("large-2g", new LargeFile("large-2g", 2_000, 30));
        works.put("idle", new Idle());
        works.put("start", new Start());
        works.put("growth", new Growth());
        works.put("monitoring", new Monitoring());
        works.put("before-invoices", new OtherBuild("invoices", Data::invoiceFiles));
        works.put("before-bizums", new OtherBuild("bizums", Data::bizumFiles));
        works.put("capacity", new Capacity());
        for (Batches batches : List.of(
                new Batches(
                        "batches-invoices",
                        "invoices",
                        Data::invoiceFiles,
                        20_000,
                        5_000,
                        StreamingInvoices.class,
                        Map.of(Backlog.STREAMING, Target.atLeast(4, 6), Batches.DUCK_DB, Target.atLeast(0.8, 1.1))),
                new Batches(
                        "batches-small-invoices",
                        "invoices",
                        Data::smallInvoiceFiles,
                        60_000,
                        10_000,
                        StreamingInvoices.class,
                        Map.of(Backlog.STREAMING, Target.atLeast(8, 15))),
                new Batches(
                        "batches-bizums",
                        "bizums",
                        Data::bizumFiles,
                        60_000,
                        10_000,
                        StreamingBizums.class,
                        Map.of(Backlog.STREAMING, Target.atLeast(8, 15))))) {
            works.put(batches.name(), batches);
        }
        works.put("batches-cluster", new BatchesOnCluster());
        return works;
    }

    private static Map<String, Work> pick(String names) {
        List<String> wanted = new ArrayList<>();
        for (String name : names.split(",")) {
            wanted.addAll(GROUPS.getOrDefault(name.strip(), List.of(name.strip())));
        }
        Map<String, Work> works = works();
        for (String name : wanted) {
            if (!works.containsKey(name)) {
                throw new IllegalArgumentException("There is no work " + name + ", but " + works.keySet() + ", and "
                        + GROUPS.keySet() + " of them.");
            }
        }
        works.keySet().retainAll(wanted);
        return works;
    }
}
