package dev.buzon.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buzon.database.Database;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerEntry;
import dev.buzon.ledger.LedgerReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteException;

class SimulatedStoreTest extends StoreFixture {

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsCommittedIsThereForTheNextProcess(boolean onServer) throws Exception {
        commit(onServer ? server() : file(), "a");

        store.processEnded(new Random(1));
        Ledger next = onServer ? server() : file();

        assertThat(next.findKnown("invoices", List.of("a", "b"))).containsOnlyKeys("a");
        assertThat(commit(next, "b").number()).isEqualTo(2);
    }

    @Test
    void eachCallIsAskedFor() throws Exception {
        Ledger ledger = file();
        calls.asked.clear();
        LedgerEntry entry = commit(ledger, "a");
        ledger.note(List.of(archived(entry)));
        ledger.find("invoices", "a");

        assertThat(calls.asked.stream().map(asked -> asked.substring(0, Math.min(24, asked.length()))))
                .containsExactly(
                        "BEGIN FORCED",
                        "STATEMENT INSERT INTO to",
                        "STATEMENT INSERT INTO fi",
                        "COMMIT COMMIT",
                        "BEGIN UNFORCED",
                        "STATEMENT UPDATE file SE",
                        "COMMIT_UNFORCED COMMIT",
                        "SELECT SELECT route, key");
    }

    @ParameterizedTest
    @EnumSource(
            value = Act.class,
            names = {"BEGIN", "STATEMENT", "COMMIT"})
    void whatIsRefusedIsNotDone(Act act) throws Exception {
        Ledger ledger = file();
        calls.next(act, Fault.REFUSED);

        assertThatThrownBy(() -> commit(ledger, "a"))
                .isInstanceOf(SQLiteException.class)
                .hasMessageContaining("SQLITE_BUSY");
        assertThat(ledger.isInDoubt()).isFalse();
        assertThat(stored()).isEmpty();
        commit(ledger, "a");
        assertThat(stored()).containsExactly("a COMMITTED");
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"IO", "NO_SPACE", "CONNECTION_LOST", "TOO_MANY_OPEN"})
    void aCommitThatFailsIsNotDone(Fault fault) throws Exception {
        for (Ledger ledger : List.of(file(), server())) {
            calls.next(Act.COMMIT, fault);

            assertThatThrownBy(() -> commit(ledger, "a"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining(fault.message());
            assertThat(stored()).isEmpty();
            commit(ledger, "b");
            store.reset(LedgerImages.current());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAnswerIsLostThoughTheCommitIsDone(boolean onServer) throws Exception {
        Ledger ledger = onServer ? server() : file();
        calls.asked.clear();
        calls.next(Act.COMMIT, Fault.ANSWER_LOST);

        assertThatThrownBy(() -> commit(ledger, "a")).isInstanceOf(SQLException.class);
        assertThat(stored()).containsExactly("a COMMITTED");
        assertThat(ledger.isInDoubt()).isTrue();
        assertThat(ledger.find("invoices", "a")).isPresent();
        assertThat(calls.asked).filteredOn(asked -> asked.startsWith("CONNECT")).hasSize(1);
    }

    @Test
    void aProcessThatIsKilledInATransactionLeavesNoTrace() throws Exception {
        Ledger ledger = file();
        calls.before(Act.COMMIT, () -> {
            throw new Killed();
        });
        assertThatThrownBy(() -> commit(ledger, "a")).isInstanceOf(Killed.class);
        store.processEnded(new Random(1));

        assertThat(stored()).isEmpty();
        commit(file(), "b");
        assertThat(stored()).containsExactly("b COMMITTED");
    }

    @Test
    void aSessionOfAProcessThatHasEndedCanNotBeUsed() throws Exception {
        SimulatedDatabase database = SimulatedDatabase.file(store, calls);
        Connection connection = database.connect();
        PreparedStatement insert = connection.prepareStatement("INSERT INTO job VALUES ('mine', 1)");
        database.begin(connection, Database.Mode.FORCED);
        insert.executeUpdate();
        store.processEnded(new Random(1));

        assertThat(connection.isClosed()).isTrue();
        assertThatThrownBy(insert::executeUpdate).hasMessageContaining("closed");
        assertThatThrownBy(() -> database.commit(connection)).hasMessageContaining("closed");
        assertThatThrownBy(connection::createStatement).hasMessageContaining("closed");
        assertThatThrownBy(connection::getMetaData).hasMessageContaining("closed");
        assertThat(dump()).doesNotContain("mine");
    }

    @Test
    void oneProcessOfAServerEndsAlone() throws Exception {
        SimulatedDatabase first = SimulatedDatabase.server(store, calls);
        Connection ends = first.connect();
        Ledger other = server();
        first.begin(ends, Database.Mode.FORCED);
        first.ended();

        assertThat(ends.isClosed()).isTrue();
        commit(other, "a");
        assertThat(stored()).containsExactly("a COMMITTED");
    }

    @Test
    void twoSessionsSeeEachOthersCommitsAndTakeTurns() throws Exception {
        Ledger one = server();
        Ledger other = server();
        calls.before(Act.BEGIN, () -> commitUnchecked(other, "b"));
        LedgerEntry a = commit(one, "a");

        assertThat(a.number()).isEqualTo(2);
        assertThat(one.findKnown("invoices", List.of("a", "b"))).containsOnlyKeys("a", "b");

        calls.before(Act.COMMIT, () -> commitUnchecked(other, "c"));
        assertThatThrownBy(() -> commit(one, "d")).isInstanceOf(IllegalStateException.class);
        assertThat(stored()).containsExactly("a COMMITTED", "b COMMITTED");
    }

    @Test
    void aReaderReadsAndCanNotWrite() throws Exception {
        SimulatedDatabase database = SimulatedDatabase.server(store, calls);
        commit(server(), "a");

        try (LedgerReader reader = new LedgerReader(database)) {
            assertThat(reader.look().totals("invoices").handled()).isEqualTo(1);
        }
        try (Connection reader = database.reader()) {
            assertThatThrownBy(() -> Database.execute(reader, "DELETE FROM file"))
                    .isInstanceOf(SQLException.class);
        }
        assertThat(stored()).containsExactly("a COMMITTED");
    }

    @Test
    void aTransactionOfAServerThatHasFailedCanOnlyBeRolledBack() throws Exception {
        SimulatedDatabase database = SimulatedDatabase.server(store, calls);
        try (Connection connection = database.connect()) {
            database.begin(connection, Database.Mode.FORCED);
            Database.execute(connection, "INSERT INTO job VALUES ('mine', 1)");
            assertThatThrownBy(() -> Database.execute(connection, "INSERT INTO job VALUES ('mine', 1)"))
                    .isInstanceOf(SQLException.class);

            assertThatThrownBy(() -> database.commit(connection)).hasMessageContaining("has failed");
            database.rollback(connection);
        }
        assertThat(dump()).doesNotContain("mine");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void aLedgerOfAnOlderVersionIsMigrated(int version) throws Exception {
        store.reset(version == 0 ? new byte[0] : LedgerImages.image(version));
        assertThat(SimulatedDatabase.file(store, calls).exists()).isEqualTo(version > 0);
        calls.next(Act.COMMIT, Fault.IO);
        assertThatThrownBy(this::file).hasMessageContaining("can't be opened");
        Ledger ledger = file();
        ledger.note(List.of(archived(commit(ledger, "a"))));
        store.cutPower(new Random(version));

        assertThat(file().find("invoices", "a")).isPresent();
    }

    @Test
    void anImageHoldsAllThatIsStored() throws Exception {
        commit(file(), "a");
        byte[] image = store.image();
        store.reset(LedgerImages.current());
        assertThat(stored()).isEmpty();

        store.reset(image);
        assertThat(stored()).containsExactly("a COMMITTED");
        assertThat(commit(file(), "b").number()).isEqualTo(2);
    }
}
