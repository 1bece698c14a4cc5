package dev.buzon.simulation;

import dev.buzon.bizum.HighestBizums;
import dev.buzon.database.Lease;
import dev.buzon.database.SimulatedLeases;
import dev.buzon.delivery.BareDaemon;
import dev.buzon.home.CleanSource;
import dev.buzon.home.Disk;
import dev.buzon.home.Home;
import dev.buzon.home.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Daemons of one home in a simulated world, where a test says what happens at which call. */
abstract class ScriptedFixture {

    static final String INBOX = "/home/inbox/invoices/";

    private static final Path ROUTES = Path.of("routes").toAbsolutePath();

    final Script script = new Script();
    private SimulatedTime time;
    private Setup setup;
    SimulatedDisk disk;
    SimulatedStore store;
    private Random chance;
    private int names;

    /** One process. */
    final class Daemon {
        private final String name;
        private final SimulatedDatabase database;
        private final BareDaemon daemon;
        private final RenewalByHand renewal = new RenewalByHand();

        /** It is at work, or on standby. */
        Daemon(String name) throws Exception {
            this.name = name;
            database = setup.server() ? SimulatedDatabase.server(store, script) : SimulatedDatabase.file(store, script);
            BareDaemon[] made = new BareDaemon[1];
            script.as(name, () -> {
                made[0] = new BareDaemon(
                        settings(name), world(database), lease(), Map.of("bizums", new HighestBizums(1 << 20, false)));
                made[0].begin();
            });
            daemon = made[0];
        }

        private Lease lease() {
            return setup.server() ? SimulatedLeases.of(database, name, () -> {}, time, renewal) : Lease.UNSHARED;
        }

        void as(Script.Action action) throws Exception {
            script.as(name, action);
        }

        /** Some seconds of its life. */
        void work(int seconds) throws Exception {
            for (int second = 0; second < seconds; second++) {
                pass(1);
                as(() -> {
                    renewal.renew();
                    for (String route : Setup.ROUTES) {
                        daemon.poll(route);
                    }
                    daemon.catchUp();
                    daemon.lookForStrays();
                });
            }
        }

        void clean() throws Exception {
            as(daemon::clean);
        }

        void kill() throws SQLException {
            if (setup.server()) {
                database.ended();
            } else {
                store.processEnded(chance);
            }
        }
    }

    @BeforeEach
    void open() throws Exception {
        make(Setup.SIMPLE);
    }

    @AfterEach
    void close() throws Exception {
        store.close();
        script.expectAllDone();
    }

    /** Begins anew, in a world with other habits. */
    void make(Setup with) throws Exception {
        make(with, 0);
    }

    /** @param seed of what is left to chance */
    void make(Setup with, int seed) throws Exception {
        setup = with;
        time = new SimulatedTime(Duration.ZERO);
        disk = new SimulatedDisk(setup.habits(), time.ofDisk(), script);
        if (store != null) {
            store.close();
        }
        store = new SimulatedStore();
        chance = random(seed);
        store.reset(LedgerImages.current(), chance);
        store.define(SimulatedLeases.NOW, time::millisOfServer);
        Files.createDirectory(home(""));
        Files.setOwner(home(""), new DiskUser(SimulatedDisk.SERVICE));
        Disk.force(disk.path("/"));
    }

    private BareDaemon.World world(SimulatedDatabase database) {
        SimulatedJobs jobs = new SimulatedJobs(disk);
        return new BareDaemon.World(database, time, () -> "batch" + ++names, new Random(1), jobs::handle);
    }

    private Settings settings(String name) {
        return Settings.read(new Home(home(""), setup.server() ? name : ""), ROUTES, setup.properties());
    }

    Path home(String path) {
        return disk.path(path.isEmpty() ? "/home" : "/home/" + path);
    }

    void pass(int seconds) {
        time.pass(TimeUnit.SECONDS.toNanos(seconds));
    }

    Path drop(String name, String text) throws IOException {
        Path file = disk.path(INBOX + name);
        Files.writeString(file, text);
        Files.setOwner(file, new DiskUser(SimulatedDisk.SERVICE));
        return file;
    }

    void dropBizum(String name, String line) throws IOException {
        Files.writeString(home("inbox/bizums/" + name), line + "\n");
    }

    /** A command, as a process of its own. */
    void replay(String name) throws Exception {
        script.as(
                "replay",
                () -> BareDaemon.replay(settings("a"), world(SimulatedDatabase.file(store, script)), "invoices", name));
    }

    /** The first numbers of neighbouring seeds are much alike. */
    private static Random random(int seed) {
        return new Random(seed * 0x9E3779B97F4A7C15L);
    }

    /** All daemons have no power. */
    void cutPower(int seed) throws SQLException {
        disk.cutPower(random(seed));
        store.cutPower(random(seed));
    }

    /** The states of the files in the ledger, by the names of their sources. */
    Map<String, String> states() throws SQLException {
        return column("SELECT source, state FROM file");
    }

    Map<String, String> column(String sql) throws SQLException {
        Map<String, String> column = new TreeMap<>();
        try (Statement statement = store.look().createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                column.put(rows.getString(1), rows.getString(2));
            }
        }
        return column;
    }

    /** The contents of the files in a folder and below it, hidden ones too. */
    List<String> contents(String folder) throws IOException {
        List<String> contents = new ArrayList<>();
        for (Path file : files(home(folder))) {
            contents.add(Files.readString(file));
        }
        contents.sort(null);
        return contents;
    }

    private static List<Path> files(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        List<Path> children;
        try (Stream<Path> all = Files.list(folder)) {
            children = all.toList();
        }
        for (Path child : children) {
            if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                files.addAll(files(child));
            } else {
                files.add(child);
            }
        }
        return files;
    }

    static Setup cleaning(CleanSource cleanSource) {
        return Setup.parse(
                Setup.SIMPLE.toString().replaceAll("clean=\\S+", "clean=" + cleanSource + "," + cleanSource));
    }

    static Setup onServer() {
        return Setup.parse(Setup.SIMPLE.toString().replace("server=false", "server=true"));
    }
}
