package dev.buzon.cli;

import dev.buzon.home.Holder;
import dev.buzon.home.Home;
import dev.buzon.home.HomeLock;
import dev.buzon.home.Settings;
import dev.buzon.jmx.JmxStatus;
import dev.buzon.monitor.Role;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;

/** The daemon in the background. */
@Command(
        name = "start",
        description = "Starts the service in the background, and returns when it is ready.",
        mixinStandardHelpOptions = true)
final class StartCommand extends HomeCommand {

    /** Keeps the process id. Without setsid, what a terminal sends is ignored; SIGTERM is not. */
    private static final String APART =
            "command -v setsid >/dev/null && exec setsid \"$0\" \"$@\"; trap '' HUP INT TSTP; exec \"$0\" \"$@\"";

    @Override
    public Integer call() throws Exception {
        Home home = options().home();
        Optional<Holder> holder = HomeLock.holder(home);
        if (holder.isPresent()) {
            if (holder.get().process().isEmpty()) {
                return refuse("The home " + home.folder() + " is held by "
                        + holder.get().description() + ".");
            }
            out().println("Buzón is running already, as process "
                    + holder.get().process().get().pid() + ".");
            return 0;
        }
        Settings settings = options().settings();
        options().home().makePrivateFolders();
        Path output = home.instanceFolder().resolve("start.out");
        Process process = launch(home, output);
        // Whoever is told to end while it waits leaves nothing behind that starts.
        Thread end = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(end);
        Duration longest =
                settings.duration("buzon.start-timeout").plus(settings.duration("buzon.spark.executor-wait"));
        long begin = System.nanoTime();
        while (!isReady(home, process.pid())) {
            boolean late = System.nanoTime() - begin > longest.toNanos();
            if (late) {
                end(process, settings);
            }
            if (late || !process.isAlive()) {
                err().println((late
                                ? "Buzón was not ready after " + longest.toSeconds()
                                        + " s, and was ended; buzon.start-timeout gives it longer. "
                                : "Buzón did not start. ")
                        + home.log() + " and " + output + ":");
                err().println(Files.readString(output).strip());
                return 1;
            }
            Thread.sleep(50);
        }
        Runtime.getRuntime().removeShutdownHook(end);
        out().println("Buzón " + (standsBy(settings, process.pid()) ? "stands by" : "is ready") + ", as process "
                + process.pid() + ". Its log: " + home.log());
        return 0;
    }

    private Process launch(Home home, Path output) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of(
                "-jar",
                HomeOptions.jar().toString(),
                "run",
                "--background",
                "--home",
                home.folder().toString()));
        if (!home.instance().isEmpty()) {
            command.addAll(List.of("--instance", home.instance()));
        }
        options().given().forEach((key, value) -> command.add("-D" + key + "=" + value));
        // In a session of its own, it doesn't end with the terminal, or with the script, that started it.
        List<String> apart = new ArrayList<>(List.of("sh", "-c", APART));
        apart.addAll(command);
        return new ProcessBuilder(apart)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private static void end(Process process, Settings settings) throws InterruptedException {
        process.destroy();
        Duration patience = settings.duration("buzon.stop-timeout").plusSeconds(2);
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    private static boolean standsBy(Settings settings, long pid) {
        if (settings.get("buzon.ledger.url").isEmpty()) {
            return false;
        }
        try (JmxStatus service = new JmxStatus(pid)) {
            return service.read().role() == Role.STANDBY;
        } catch (IOException e) {
            // Its log says it.
            return false;
        }
    }

    private static boolean isReady(Home home, long pid) throws IOException {
        return Files.exists(home.ready()) && Files.readString(home.ready()).equals(Long.toString(pid));
    }
}
