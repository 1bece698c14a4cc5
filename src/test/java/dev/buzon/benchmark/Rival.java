package dev.buzon.benchmark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A rival's program in a JVM of its own, with a heap of 2 GB: four times that of the daemon. */
final class Rival {

    private static final int LIMIT_MINUTES = 25;

    private Rival() {}

    /**
     * Runs it to its end.
     *
     * @return what it printed, and how long the process took as {@code process-s}
     */
    static Figures run(Class<?> main, Path log, Object... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        // What Spark needs of the JDK's internals was given to this JVM.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens"))
                .forEach(command::add);
        command.addAll(List.of("-Xmx2g", "-cp", System.getProperty("java.class.path"), main.getName()));
        Arrays.stream(arguments).map(Object::toString).forEach(command::add);
        long began = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IOException(main.getSimpleName() + " failed, or took too long; see " + log.getFileName()
                        + ": " + firstError(log));
            }
        } finally {
            process.destroyForcibly();
        }
        Figures figures = Figures.printed(log);
        figures.add("process-s", (System.nanoTime() - began) / 1e9);
        return figures;
    }

    private static String firstError(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .filter(line -> line.contains("Exception") || line.contains("Error"))
                .findFirst()
                .orElse("");
    }
}
