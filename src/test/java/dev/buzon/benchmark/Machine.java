package dev.buzon.benchmark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;

/** What was measured, when, and on what. */
final class Machine {

    private Machine() {}

    static String heading(Ground ground) throws IOException, InterruptedException {
        String changes = git("status", "--porcelain").isEmpty() ? "" : ", with changes";
        return String.format(
                Locale.ROOT,
                "%s%s, commit %s%s. %d cores of %s, %.0f GB, %s %s on %s, JDK %s; the load before it %.1f.",
                ground.small() ? "The tiny form, whose figures mean nothing: " : "",
                LocalDate.now(),
                git("rev-parse", "--short", "HEAD"),
                changes,
                Runtime.getRuntime().availableProcessors(),
                field("/proc/cpuinfo", "model name"),
                Double.parseDouble(field("/proc/meminfo", "MemTotal").replace("kB", "")) * 1_024 / 1e9,
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                Files.getFileStore(ground.folder()).type(),
                System.getProperty("java.version"),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    private static String field(String file, String name) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("0");
    }

    private static String git(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("git");
        builder.command().addAll(List.of(arguments));
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return process.waitFor() == 0 ? output : "unknown";
    }
}
