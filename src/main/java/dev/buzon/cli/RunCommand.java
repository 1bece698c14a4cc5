package dev.buzon.cli;

import dev.buzon.daemon.Daemon;
import dev.buzon.home.Settings;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The daemon in the foreground, until SIGTERM, SIGHUP or Ctrl-C. */
@Command(
        name = "run",
        description =
                "Runs the service in the foreground until SIGTERM, SIGHUP or Ctrl-C, which finish the file in hand.",
        mixinStandardHelpOptions = true)
final class RunCommand extends HomeCommand {

    @Option(names = "--background", hidden = true, description = "Log to the file of the home.")
    private boolean background;

    private final CompletableFuture<Void> stop = new CompletableFuture<>();

    private final AtomicBoolean stopping = new AtomicBoolean();
    /** By a signal that somebody sends on purpose. */
    private final AtomicBoolean asked = new AtomicBoolean();

    @Override
    public Integer call() throws Exception {
        if (background) {
            options().home().makePrivateFolders();
            System.setProperty("buzonLogFile", options().home().log().toString());
        }
        Settings settings = options().settings();
        handleSignals(settings.duration("buzon.stop-timeout").plusSeconds(1).toMillis());
        while (!stop.isDone()) {
            Daemon daemon = Daemon.start(options().home(), settings);
            CompletableFuture.anyOf(stop, daemon.lost()).join();
            if (!stop.isDone()) {
                LoggerFactory.getLogger(RunCommand.class)
                        .warn("Another daemon has taken over: this one stops what it does, and stands by");
            }
            daemon.stop();
        }
        return 0;
    }

    /**
     * Spark's own shutdown hook would end the job in hand: the JVM's shutdown begins when all has stopped.
     *
     * @param longest what a stop may take, in milliseconds
     */
    private void handleSignals(long longest) {
        for (String name : new String[] {"TERM", "INT", "HUP"}) {
            Signals.handle(name, () -> {
                if (!name.equals("HUP") && asked.getAndSet(true)) {
                    // The second one. What is in hand is done anew at the next start.
                    Runtime.getRuntime().halt(1);
                }
                // A terminal that goes sends more than one.
                if (!stopping.getAndSet(true)) {
                    haltAfter(longest);
                    Logger log = LoggerFactory.getLogger(RunCommand.class);
                    log.info("SIG{}: Buzón stops when the file in hand is finished", name);
                    stop.complete(null);
                }
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
