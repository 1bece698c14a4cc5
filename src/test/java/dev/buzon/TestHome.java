package dev.buzon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.daemon.Daemon;
import dev.buzon.database.Database;
import dev.buzon.engine.SharedSpark;
import dev.buzon.home.Home;
import dev.buzon.home.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.api.management.JmxSystemPropertyKeys;

/** A home with the real service in this process, and what a user would look at in it. */
public final class TestHome {

    private final Path folder;
    private final Properties given = new Properties();
    private boolean withCamelBeans;
    private boolean withOwnSpark;
    private Daemon daemon;

    public TestHome(Path folder) {
        this.folder = folder;
        set("buzon.invoices.quiet-period", "50ms");
        set("buzon.bizums.quiet-period", "50ms");
        set("buzon.invoices.poll-interval", "50ms");
        set("buzon.bizums.poll-interval", "50ms");
        set("buzon.housekeeping.strays-every", "100ms");
        set("buzon.web.port", "0");
    }

    public TestHome set(String key, String value) {
        given.setProperty(key, value);
        return this;
    }

    /** With an empty ledger on a server. */
    public TestHome onPostgres() throws IOException, SQLException {
        given.putAll(Postgres.shared().newLedger(Files.createDirectories(folder.resolveSibling("passwords"))));
        return this;
    }

    /** As it is after the ledger was lost. */
    public void loseLedger() throws IOException, SQLException {
        if (given.containsKey("buzon.ledger.url")) {
            onPostgres();
        } else {
            Files.delete(path(".buzon/ledger.db"));
        }
    }

    public Database database() {
        return Database.of(settings());
    }

    public Settings settings() {
        return Settings.read(new Home(folder), Path.of("routes").toAbsolutePath(), given);
    }

    /** Camel's own beans are in JMX, too, as in the program. They take a sixth of a start. */
    public TestHome withCamelBeans() {
        withCamelBeans = true;
        return this;
    }

    /** Its Spark starts and stops with it, as in the program. The other homes of a process share one. */
    public TestHome withOwnSpark() {
        withOwnSpark = true;
        return this;
    }

    public TestHome start() throws Exception {
        if (withOwnSpark) {
            SharedSpark.end();
        } else {
            SharedSpark.start(settings());
        }
        if (!withCamelBeans) {
            System.setProperty(JmxSystemPropertyKeys.DISABLED, "true");
        }
        try {
            daemon = Daemon.start(new Home(folder), settings());
        } finally {
            System.clearProperty(JmxSystemPropertyKeys.DISABLED);
        }
        return this;
    }

    public TestHome restart() throws Exception {
        daemon.stop();
        return start();
    }

    /** Waits until it has noticed that another daemon works. */
    public void awaitLost() {
        daemon.lost().orTimeout(60, TimeUnit.SECONDS).join();
    }

    public void stop() throws Exception {
        if (daemon != null) {
            daemon.stop();
        }
    }

    public Path path(String relative) {
        return folder.resolve(relative);
    }

    public void drop(String inbox, String name, String content) throws IOException {
        drop(inbox, name, content.getBytes(StandardCharsets.UTF_8));
    }

    public void drop(String inbox, String name, byte[] content) throws IOException {
        Path target = path("inbox").resolve(inbox).resolve(name);
        Path temporary = target.resolveSibling(name + ".tmp");
        Files.write(temporary, content);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    }

    public void awaitEmpty(String inbox) {
        await().atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> isEmpty(inbox));
    }

    /** A rename within a folder may hide a file from one look at it, but not from two. */
    private boolean isEmpty(String inbox) throws IOException {
        return files("inbox/" + inbox).isEmpty() && files("inbox/" + inbox).isEmpty();
    }

    /** Drops a file and waits until it has left the inbox. */
    public void handle(String inbox, String name, String content) throws IOException {
        drop(inbox, name, content);
        awaitEmpty(inbox);
    }

    /** Today's archived sources of a folder. */
    public List<String> archived(String relative) throws IOException {
        return files("archive/" + relative + "/" + LocalDate.now());
    }

    /** The names of the files in a folder; none where it is missing. */
    public List<String> files(String relative) throws IOException {
        if (!Files.isDirectory(path(relative))) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(path(relative))) {
            return children.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".tmp"))
                    .sorted()
                    .toList();
        }
    }

    /** The only file of a folder. */
    public String onlyFile(String relative) throws IOException {
        List<String> files = files(relative);
        assertThat(files).hasSize(1);
        return Files.readString(path(relative).resolve(files.get(0)));
    }

    /** The table in the outbox; empty before it is there. */
    public String highestBizums() throws IOException {
        Path table = path("outbox/bizums/highest-bizums.csv");
        return Files.exists(table) ? Files.readString(table) : "";
    }
}
