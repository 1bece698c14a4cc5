package dev.buzon;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A standalone cluster of Spark's on the loopback address, its Master and Workers processes of their own. Its executors
 * have what a plain distribution of Spark has, and neither our classes nor the libraries that only we bring. The Master
 * and the Workers have them for the sake of our class archive alone: with it they start in half the time. To be killed
 * with {@link #killAll} at the end.
 */
public final class SparkCluster {

    private static final Pattern OURS_ALONE = Pattern.compile(
            "(camel|commons-csv|micrometer|picocli|postgresql|prometheus-metrics|snakeyaml-engine|sqlite|uplot).*");
    /** Options for what soon ends, and is not ours. */
    public static final List<String> CHEAPLY = List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-BytecodeVerificationRemote");

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Path folder;
    private final int port;
    private final Path secretFile;
    private final List<Process> processes = new ArrayList<>();
    /** What a killed Worker leaves behind for a moment, or for long where it was halted. */
    private final List<ProcessHandle> executors = new ArrayList<>();

    private Process master;

    /** @param folder for all that it writes */
    public SparkCluster(Path folder) throws IOException {
        this.folder = folder;
        this.port = FreePort.nextOfServices();
        Path jars = Files.createDirectories(folder.resolve("spark/jars"));
        try (Stream<Path> packaged = Files.list(Path.of("target/buzon/lib").toAbsolutePath())) {
            for (Path jar : packaged.toList()) {
                if (!OURS_ALONE.matcher(jar.getFileName().toString()).matches()) {
                    Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
                }
            }
        }
        secretFile = secretFile("secret", "of the cluster");
        Files.writeString(
                folder.resolve("spark.conf"),
                """
                spark.authenticate                       true
                spark.authenticate.secret                of the cluster
                spark.network.crypto.enabled             true
                spark.network.crypto.cipher              AES/GCM/NoPadding
                spark.network.crypto.authEngineVersion   2
                spark.network.crypto.saslFallback        false
                """);
    }

    /** A Worker of one core. */
    public final class Worker {

        private final Process process;
        private final Path work;
        private final Path log;

        private Worker(Process process, Path work, Path log) {
            this.process = process;
            this.work = work;
            this.log = log;
        }

        /** Waits until the Master knows of it. */
        public void awaitRegistered() {
            await().atMost(PATIENCE)
                    .until(() -> lines(log).anyMatch(line -> line.contains("Successfully registered with master")));
        }

        /** Its only executor, once that is ready for tasks. */
        public ProcessHandle executor() {
            await().atMost(PATIENCE)
                    .until(() ->
                            process.descendants().count() == 1 && logged("Successfully registered with driver") > 0);
            ProcessHandle executor = process.descendants().findAny().orElseThrow();
            executors.add(executor);
            return executor;
        }

        /** How many tasks its executors have finished. */
        public long finishedTasks() throws IOException {
            return logged("Finished task");
        }

        /** In how many lines of its executors. */
        private long logged(String what) throws IOException {
            if (!Files.isDirectory(work)) {
                return 0;
            }
            try (Stream<Path> files = Files.walk(work)) {
                return files.filter(file -> file.endsWith("stderr"))
                        .flatMap(SparkCluster::lines)
                        .filter(line -> line.contains(what))
                        .count();
            }
        }

        /** SIGKILL, which its executors outlive for some seconds. */
        public void kill() throws InterruptedException {
            process.descendants().forEach(executors::add);
            process.destroyForcibly().waitFor();
        }

        /** SIGKILL to all that its machine would take with it. */
        public void lose() throws InterruptedException {
            List<ProcessHandle> its = process.descendants().toList();
            process.destroyForcibly().waitFor();
            its.forEach(ProcessHandle::destroyForcibly);
        }
    }

    public String url() {
        return "spark://127.0.0.1:" + port;
    }

    public Path secretFile() {
        return secretFile;
    }

    /** A file with a secret, which only its owner may read. */
    public Path secretFile(String name, String secret) throws IOException {
        Path file = Files.createFile(
                folder.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, secret + "\n");
    }

    /** Starts the Master, or starts it again on the same port, where it knows nothing of what was before. */
    public void startMaster() throws IOException {
        master = begin("master", List.of(), "master.Master", "--port", Integer.toString(port));
    }

    public void killMaster() throws InterruptedException {
        master.destroyForcibly().waitFor();
    }

    /** @param before what goes before its command, such as {@code unshare} and its options */
    public Worker startWorker(String... before) throws IOException {
        String name = "worker-" + processes.size();
        Path work = folder.resolve(name);
        return new Worker(
                begin(
                        name,
                        Arrays.asList(before),
                        "worker.Worker",
                        "--cores",
                        "1",
                        "--memory",
                        "1g",
                        "--work-dir",
                        work.toString(),
                        url()),
                work,
                folder.resolve(name + ".log"));
    }

    public void killAll() throws IOException, InterruptedException {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        executors.forEach(ProcessHandle::destroyForcibly);
        // JUnit warns of each link that leads out of a temporary folder when it deletes the folder.
        try (Stream<Path> links = Files.list(folder.resolve("spark/jars"))) {
            for (Path link : links.toList()) {
                Files.delete(link);
            }
        }
    }

    private Process begin(String name, List<String> before, String main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of("java", "-Xmx256m"));
        command.addAll(CHEAPLY);
        command.addAll(ClassArchive.OPTIONS);
        command.add("org.apache.spark.deploy." + main);
        command.addAll(List.of("--host", "127.0.0.1", "--webui-port", "0"));
        command.addAll(List.of("--properties-file", folder.resolve("spark.conf").toString()));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve(name + ".log").toFile()));
        builder.environment().put("SPARK_HOME", folder.resolve("spark").toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
