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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;

/** The daemon in the background. */
@Command(
        name = "start",
        description = "Starts the service in the background, and returns when it is ready.",
        mixinStandardHelpOptions = true)
final class StartCommand extends HomeCommand {

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
        while (!isReady(home, process.pid())) {
            if (!process.isAlive()) {
                err().println("Buzón did not start. " + home.log() + " and " + output + ":");
                err().println(Files.readString(output).strip());
                return 1;
            }
            Thread.sleep(50);
        }
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
        return new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private static boolean standsBy(Settings settings, long pid) throws IOException {
        if (settings.get("buzon.ledger.url").isEmpty()) {
            return false;
        }
        try (JmxStatus service = new JmxStatus(pid)) {
            return service.read().role() == Role.STANDBY;
        }
    }

    private static boolean isReady(Home home, long pid) throws IOException {
        return Files.exists(home.ready()) && Files.readString(home.ready()).equals(Long.toString(pid));
    }
}
