package dev.buzon.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.buzon.database.Database;
import dev.buzon.database.SqliteDatabase;
import dev.buzon.home.Home;
import dev.buzon.home.Settings;
import dev.buzon.intake.FileIdentity;
import dev.buzon.intake.SeenFile;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LeftSource;
import dev.buzon.ledger.LeftSourceRows;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.PreparedStatement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inboxes that keep more files than anybody would hold in memory. */
class LeftSourcesTest {

    private static final int ROWS = 100_000;
    private static final FileTime CHANGED = FileTime.from(Instant.parse("2026-11-26T12:00:00.123456789Z"));

    @TempDir
    Path folder;

    private Ledger ledger;
    private LeftSources left;

    Database database() throws Exception {
        return new SqliteDatabase(folder.resolve("ledger.db"));
    }

    @BeforeEach
    void open() throws Exception {
        ledger = Ledger.openAtStart(database());
        Settings settings = Settings.read(new Home(folder), Path.of("routes"), new Properties());
        left = new LeftSources(settings, ledger, new Archives(settings));
    }

    @AfterEach
    void close() throws Exception {
        ledger.close();
    }

    private static Path path(int number) {
        return Path.of("/office/inbox/invoices/Invoice-" + number + ".json");
    }

    private static SeenFile seen(int number, long size) {
        return new SeenFile(path(number), CHANGED, new FileIdentity(number, size, CHANGED));
    }

    private static List<SeenFile> range(int from, int to) {
        return IntStream.range(from, to).mapToObj(number -> seen(number, 1)).toList();
    }

    private void leave(int count) throws Exception {
        ledger.inTransaction(connection -> {
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO left_source (path, route, key,"
                    + " inode, bytes, changed_at) VALUES (?, 'invoices', 'k', ?, 1, ?)")) {
                for (int number = 0; number < count; number++) {
                    insert.setString(1, path(number).toString());
                    insert.setLong(2, number);
                    insert.setString(3, CHANGED.toString());
                    insert.addBatch();
                }
                return insert.executeBatch().length;
            }
        });
        left.load();
    }

    @Test
    void areLookedUpInTheLedgerAndNeverAllInMemory() throws Exception {
        leave(ROWS);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        long before = threads.getCurrentThreadAllocatedBytes();
        left.load();
        List<SeenFile> unhandled = left.leaveOut("invoices", range(ROWS - 400, ROWS + 100));

        // Each of them alone would take more than 100 bytes.
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(ROWS * 30L);
        assertThat(unhandled).isEqualTo(range(ROWS, ROWS + 100));
    }

    @Test
    void areOnlyThoseThatAreAsTheyWereThen() throws Exception {
        leave(2);
        SeenFile other = seen(1, 7);

        // Asked for twice: what the ledger said is remembered.
        for (int i = 0; i < 2; i++) {
            assertThat(left.leaveOut("invoices", List.of(seen(0, 1), other))).containsExactly(other);
        }
    }

    @Test
    void ofARouteThatHasNoneAreNotAskedFor() throws Exception {
        leave(1);
        ledger.close();

        assertThat(left.leaveOut("bizums", range(0, 3))).isEqualTo(range(0, 3));
    }

    @Test
    void areGoneThroughOneAfterAnotherWhileTheyAreRemoved() throws Exception {
        leave(1_700);
        List<Path> found = new ArrayList<>();

        left.forEach(source -> {
            found.add(source.path());
            left.remove(source, Optional.empty());
        });

        assertThat(found).hasSize(1_700).doesNotHaveDuplicates();
        assertThat(left.leaveOut("invoices", range(0, 10))).hasSize(10);
        assertThat(new HashSet<>(found)).contains(path(0), path(1_699));
    }

    /** Those of a batch: more than a statement has parameters. */
    @Test
    void areAskedForInAnyNumber() throws Exception {
        leave(1);
        List<Path> paths =
                IntStream.range(0, 70_000).mapToObj(LeftSourcesTest::path).toList();

        assertThat(new LeftSourceRows(ledger, new Home(folder)).at(paths))
                .extracting(LeftSource::path)
                .containsExactly(path(0));
    }

    @Test
    void areRememberedUpToANumber() {
        Fingerprints some = new Fingerprints(5_000);
        range(0, 20_000).forEach(file -> some.add(file.path(), file.identity()));

        assertThat(some.size()).isEqualTo(5_000);
        assertThat(range(0, 5_000)).allMatch(file -> some.contains(file.path(), file.identity()));
        assertThat(range(5_000, 20_000)).noneMatch(file -> some.contains(file.path(), file.identity()));
        assertThat(some.contains(path(1), new FileIdentity(1, 2, CHANGED))).isFalse();
    }
}
