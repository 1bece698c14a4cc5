package dev.buzon.engine;

import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import dev.buzon.spark.PartitionJob;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** The folders that tasks read and write, which executors have to see as the driver does. Immutable. */
final class SharedFolders {

    /** Hidden, so that it is taken for no source and no result. */
    private static final String PROBE = ".buzon-probe-";

    private static final ClassTag<String> STRING = ClassTag$.MODULE$.apply(String.class);

    private final Set<String> read = new LinkedHashSet<>();
    private final Set<String> written = new LinkedHashSet<>();

    SharedFolders(Settings settings) {
        for (RouteSettings route : settings.routes().values()) {
            read.add(route.inbox().toString());
            written.add(route.outboxStaging().toString());
            written.add(route.rejectedStaging().toString());
        }
    }

    /** One that tasks write; empty where no route takes files. */
    Optional<Path> written() {
        return written.stream().findFirst().map(Path::of);
    }

    /**
     * Writes a file into each folder, and has executors read it.
     *
     * @param executors by id, their hosts
     * @return by id of those that have answered, what is wrong: nothing where they see all of them, and can write
     */
    Map<String, List<String>> check(SparkContext context, Map<String, String> executors) throws IOException {
        String nonce = UUID.randomUUID().toString();
        List<Path> probes = Stream.concat(read.stream(), written.stream())
                .map(folder -> Path.of(folder, PROBE + nonce))
                .toList();
        try {
            for (Path probe : probes) {
                Files.writeString(probe, nonce);
            }
            Map<String, List<String>> answers = new TreeMap<>();
            PartitionJob.run(
                            context.makeRDD(aPartitionFor(executors), STRING).toJavaRDD(),
                            new Look(nonce, List.copyOf(read), List.copyOf(written)),
                            Answer::and)
                    .all()
                    .forEach(answer -> answers.put(answer.executor, answer.problems));
            return answers;
        } finally {
            for (Path probe : probes) {
                Files.deleteIfExists(probe);
            }
        }
    }

    /** Each prefers its executor: Spark hands it to another one only where that one is busy. */
    private static Seq<Tuple2<String, Seq<String>>> aPartitionFor(Map<String, String> executors) {
        return CollectionConverters.asScala(executors.entrySet().stream()
                        .map(executor -> Tuple2.apply(
                                executor.getKey(),
                                CollectionConverters.asScala(
                                                List.of("executor_" + executor.getValue() + "_" + executor.getKey()))
                                        .toSeq()))
                        .toList())
                .toSeq();
    }

    /** @param next null at the end */
    private record Answer(String executor, List<String> problems, Answer next) implements Serializable {

        Answer and(Answer other) {
            return new Answer(other.executor, other.problems, this);
        }

        Stream<Answer> all() {
            return Stream.iterate(this, answer -> answer != null, Answer::next);
        }
    }

    private record Look(String nonce, List<String> read, List<String> written)
            implements PartitionJob.Task<String, Answer> {

        @Override
        public Answer compute(Iterator<String> partition) {
            SparkEnv executor = SparkEnv.get();
            String who = "The executor " + executor.executorId() + " on "
                    + executor.blockManager().blockManagerId().host();
            List<String> problems = new ArrayList<>();
            Stream.concat(read.stream(), written.stream())
                    .filter(folder -> !sees(folder))
                    .forEach(folder -> problems.add(who + " doesn't see in the folder " + folder
                            + " what this machine writes there. Mount the same file system under this path on all"
                            + " machines of the cluster, and run its Workers as the user that runs Buzón."));
            if (problems.isEmpty()) {
                written.stream()
                        .filter(folder -> !canWrite(folder))
                        .forEach(folder -> problems.add(who + " can't write into the folder " + folder
                                + ". Mount it to be written to, and run the Workers as the user that runs Buzón."));
            }
            return new Answer(executor.executorId(), problems, null);
        }

        private boolean sees(String folder) {
            try {
                return Files.readString(Path.of(folder, PROBE + nonce)).equals(nonce);
            } catch (IOException e) {
                return false;
            }
        }

        private static boolean canWrite(String folder) {
            try {
                Files.delete(Files.createTempFile(Path.of(folder), PROBE, ""));
                return true;
            } catch (IOException e) {
                return false;
            }
        }
    }
}
