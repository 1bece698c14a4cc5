package dev.buzon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** What the system can do and Java can't: mounts, attributes, pipes, names of any bytes. */
public final class Shell {

    private Shell() {}

    /** Runs a command to its end, which has to be a good one. */
    public static void run(String... command) throws IOException, InterruptedException {
        Ended ended = end(command);
        assertThat(ended.exitCode)
                .as("%s: %s", String.join(" ", command), ended.output)
                .isZero();
    }

    /** Runs a command to its end, and skips the test with what it said where it can't be run here. */
    public static void assume(String... command) throws IOException, InterruptedException {
        Ended ended = end(command);
        assumeTrue(
                ended.exitCode == 0,
                () -> "skipped, '" + String.join(" ", command) + "' doesn't work here: " + ended.output.strip());
    }

    /** @param signal such as {@code STOP} */
    public static void signal(String signal, ProcessHandle process) throws IOException, InterruptedException {
        run("kill", "-" + signal, Long.toString(process.pid()));
    }

    public static boolean succeeds(String... command) throws IOException, InterruptedException {
        return end(command).exitCode == 0;
    }

    private static Ended end(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return new Ended(-1, e.getMessage());
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), output);
    }

    private record Ended(int exitCode, String output) {}
}
