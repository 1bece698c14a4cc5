package dev.buzon.cli;

import dev.buzon.daemon.Daemon;
import dev.buzon.home.Settings;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.util.SignalUtils;
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

    private final CountDownLatch stop = new CountDownLatch(1);

    @Override
    public Integer call() throws Exception {
        if (background) {
            options().home().makePrivateFolder();
            System.setProperty("buzonLogFile", options().home().log().toString());
        }
        Settings settings = options().settings();
        handleSignals();
        Daemon daemon = Daemon.start(options().home(), settings);
        stop.await();
        haltAfter(settings.duration("buzon.stop-timeout").plusSeconds(1).toMillis());
        daemon.stop();
        return 0;
    }

    /** Spark's own shutdown hook would end the job in hand: the JVM's shutdown begins when all has stopped. */
    private void handleSignals() {
        for (String name : new String[] {"TERM", "INT"}) {
            SignalUtils.register(name, () -> {
                if (stop.getCount() == 0) {
                    // The second one. What is in hand is done anew at the next start.
                    Runtime.getRuntime().halt(1);
                }
                stop.countDown();
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
