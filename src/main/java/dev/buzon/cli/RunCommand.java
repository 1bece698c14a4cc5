package dev.buzon.cli;

import dev.buzon.daemon.Daemon;
import dev.buzon.home.Settings;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.util.SignalUtils;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The daemon in the foreground, until SIGTERM or Ctrl-C. */
@Command(
        name = "run",
        description = "Runs the service in the foreground until SIGTERM or Ctrl-C, which finish the file in hand.",
        mixinStandardHelpOptions = true)
final class RunCommand extends HomeCommand {

    @Option(names = "--background", hidden = true, description = "Log to the file of the home.")
    private boolean background;

    private final CompletableFuture<Void> stop = new CompletableFuture<>();

    @Override
    public Integer call() throws Exception {
        if (background) {
            options().home().makePrivateFolders();
            System.setProperty("buzonLogFile", options().home().log().toString());
        }
        Settings settings = options().settings();
        handleSignals();
        while (!stop.isDone()) {
            Daemon daemon = Daemon.start(options().home(), settings);
            CompletableFuture.anyOf(stop, daemon.lost()).join();
            if (stop.isDone()) {
                haltAfter(settings.duration("buzon.stop-timeout").plusSeconds(1).toMillis());
            } else {
                LoggerFactory.getLogger(RunCommand.class)
                        .warn("Another daemon has taken over: this one stops what it does, and stands by");
            }
            daemon.stop();
        }
        return 0;
    }

    /** Spark's own shutdown hook would end the job in hand: the JVM's shutdown begins when all has stopped. */
    private void handleSignals() {
        for (String name : new String[] {"TERM", "INT"}) {
            SignalUtils.register(name, () -> {
                if (stop.isDone()) {
                    // The second one. What is in hand is done anew at the next start.
                    Runtime.getRuntime().halt(1);
                }
                stop.complete(null);
                return true;
            });
        }
    }

    /** A job that is longer than the time to stop is left, and its file with it in the inbox. */
    private static void haltAfter(long millis) {
        Thread watchdog = new Thread(
                () -> {
                    try {
                        TimeUnit.MILLISECONDS.sleep(millis);
                    } catch (InterruptedException e) {
                        return;
                    }
                    Runtime.getRuntime().halt(0);
                },
                "stop-timeout");
        watchdog.setDaemon(true);
        watchdog.start();
    }
}
