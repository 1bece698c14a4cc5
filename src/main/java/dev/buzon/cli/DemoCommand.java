package dev.buzon.cli;

import dev.buzon.daemon.Daemon;
import dev.buzon.home.Home;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import dev.buzon.jmx.JmxStatus;
import dev.buzon.simulate.MadeUp;
import dev.buzon.simulate.Sender;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Everything at a glance, in a home of its own that is gone afterwards. */
@Command(
        name = "demo",
        description = "Shows it all in half a minute: a home of its own, a sender, the results.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

    private static final long PATIENCE_SECONDS = 60;
    private static final int LINES_SHOWN = 3;

    @Spec
    private CommandSpec spec;

    private PrintWriter out;

    @Override
    public Integer call() throws Exception {
        out = spec.commandLine().getOut();
        Home home = new Home(Files.createTempDirectory("buzon-demo"));
        try {
            Properties given = new Properties();
            // It is over before anyone could look.
            given.setProperty("buzon.web.port", "0");
            Settings settings = Settings.read(home, HomeOptions.shippedRoutes(), given);
            say("Starting the service in " + home.folder());
            Daemon daemon = Daemon.start(home, settings);
            try {
                show(home, settings);
            } finally {
                daemon.stop();
            }
            say("Stopped. Start your own with ./buzon start, then drop files into inbox/invoices and inbox/bizums.");
            return 0;
        } finally {
            FileUtils.deleteDirectory(home.folder().toFile());
        }
    }

    private void show(Home home, Settings settings) throws Exception {
        RouteSettings invoices = settings.route("invoices");
        RouteSettings bizums = settings.route("bizums");
        Random random = new Random(1);
        String first = MadeUp.INVOICES.content(random);

        say("A branch drops invoices; each becomes its line items");
        Sender branch = new Sender(invoices.inbox());
        branch.send(MadeUp.INVOICES.name(1), first);
        branch.send(MadeUp.INVOICES.name(2), MadeUp.INVOICES.content(random));
        await(invoices);

        say("It drops the first one again, under another name, and one with a broken line");
        branch.send("Invoice-again.json", first);
        branch.send("Invoice-broken-line.json", MadeUp.INVOICES.content(random) + "{\"InvoiceNumber\":4711}\n");
        await(invoices);

        say("Phones send bizums; the highest of each person is kept");
        Sender phones = new Sender(bizums.inbox());
        for (int i = 1; i <= 5; i++) {
            phones.send(MadeUp.BIZUMS.name(i), MadeUp.BIZUMS.content(random));
        }
        await(bizums);

        say("What is in the home now");
        list(home.folder());
        say("The first lines of a result");
        try (Stream<Path> results = Files.list(invoices.outbox())) {
            Path result =
                    results.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
            Files.readAllLines(result).stream().limit(LINES_SHOWN).forEach(out::println);
        }
        say("The routes' metrics, over JMX");
        out.print(StatusTable.of(JmxStatus.read(ManagementFactory.getPlatformMBeanServer())));
    }

    private void await(RouteSettings route) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!isEmpty(route.inbox())) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("The files were not handled within " + PATIENCE_SECONDS + " s.");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        // The table of the bizums follows the poll.
        TimeUnit.MILLISECONDS.sleep(500);
    }

    private void say(String what) {
        out.println();
        out.println("== " + what);
        out.flush();
    }

    private void list(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile)
                    .map(folder::relativize)
                    .filter(file -> !file.startsWith(".buzon"))
                    .sorted()
                    .forEach(out::println);
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }
}
