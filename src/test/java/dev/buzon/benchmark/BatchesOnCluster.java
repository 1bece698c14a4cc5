package dev.buzon.benchmark;

import dev.buzon.SparkCluster;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Small files on a standalone cluster of two Workers, all on this machine: one file a job against many a job. */
final class BatchesOnCluster implements Work {

    private static final String NAME = "batches-cluster";
    private static final String ROUTE = "invoices";

    @Override
    public void run(Ground ground, Report report) throws Exception {
        Path dropped = new Data(ground).smallInvoiceFiles(longestWarmUp(ground) + Batches.mostCount(ground));
        SparkCluster cluster = new SparkCluster(ground.fresh("cluster"));
        try {
            cluster.startMaster();
            cluster.startWorker();
            cluster.startWorker();
            List<String> settings = List.of(
                    "-Dspark.master=" + cluster.url(),
                    "-Dspark.driver.host=127.0.0.1",
                    "-Dbuzon.spark.secret-file=" + cluster.secretFile());
            List<Contestant> contestants = new ArrayList<>();
            for (int filesPerJob : Batches.filesPerJob(ground)) {
                contestants.add(contestant(filesPerJob, ground, dropped, settings));
            }
            Batches.takeTurns(NAME, contestants, ground, report);
            String one = contestants.get(0).name();
            String many = Batches.name(ground.size(100, 10));
            Batches.compare(NAME, contestants, many, one, Target.atLeast(15, 30), report);
        } finally {
            cluster.killAll();
        }
    }

    private static int longestWarmUp(Ground ground) {
        return ground.size(10_000, 20);
    }

    private static Contestant contestant(int filesPerJob, Ground ground, Path dropped, List<String> settings) {
        // A job takes a tenth of a second there, so 300 of them take half a minute.
        Load load = Batches.load(ground, ROUTE, dropped, filesPerJob, ground.size(300, 4), longestWarmUp(ground));
        return Batches.buzon(ground, NAME, load, settings);
    }
}
