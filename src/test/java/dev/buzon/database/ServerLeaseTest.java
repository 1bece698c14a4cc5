package dev.buzon.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buzon.Postgres;
import dev.buzon.delivery.Ledger;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerLeaseTest {

    private final AtomicInteger losses = new AtomicInteger();
    private String url;
    private PostgresDatabase database;
    private Lease first;
    private Lease second;

    @BeforeEach
    void make() throws Exception {
        url = Postgres.shared().newDatabase();
        database = new PostgresDatabase(url, Postgres.USER, Postgres.PASSWORD);
        Ledger.open(database).close();
        first = database.lease(() -> "first", losses::incrementAndGet);
        second = database.lease(() -> "second", () -> {});
    }

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    /** As it is where its holder stood still for too long. */
    private void expire() throws SQLException {
        try (Connection connection = Postgres.look(url)) {
            // The holder that is renewed by this test's own process is not.
            Database.execute(connection, "UPDATE lease SET expires_at = 0, holder = ''");
        }
    }

    private void commitUnder(Lease lease, String sql) throws SQLException {
        try (Connection connection = database.connect()) {
            database.begin(connection, Database.Mode.FORCED);
            lease.fence(connection);
            Database.execute(connection, sql);
            database.commit(connection);
        }
    }

    @Test
    void oneHoldsItUntilItIsGivenBack() throws Exception {
        assertThat(first.take()).isTrue();
        assertThat(second.take()).isFalse();
        assertThat(second.holder()).isEqualTo("first");
        assertThat(second.isHeld()).isFalse();
        assertThatThrownBy(() -> commitUnder(second, "UPDATE ledger SET settled = 7"))
                .isInstanceOf(SQLException.class);

        first.close();

        assertThat(second.take()).isTrue();
        commitUnder(second, "UPDATE ledger SET settled = 7");
        assertThat(losses).hasValue(0);
    }

    @Test
    void ofTheSameNameItIsTakenAtOnce() throws Exception {
        assertThat(first.take()).isTrue();
        try (Lease again = database.lease(() -> "first", () -> {})) {
            assertThat(again.take()).isTrue();
            assertThat(again.number()).isEqualTo(first.number() + 1);
        }
    }

    @Test
    void whoLostItCommitsNothing() throws Exception {
        first.take();
        expire();
        second.take();

        assertThatThrownBy(() -> commitUnder(first, "UPDATE ledger SET settled = 7"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("Another daemon");
        assertThatThrownBy(first::expectHeld).isInstanceOf(IOException.class);
        assertThat(losses).hasValue(1);
        second.expectHeld();
    }

    /** In a transaction of a daemon that was stopped by a signal nothing is done and nothing ends. */
    @Test
    void aTransactionThatStandsStillIsNoneOnceAnotherHasIt() throws Exception {
        first.take();
        try (Connection frozen = database.connect()) {
            database.begin(frozen, Database.Mode.FORCED);
            first.fence(frozen);
            Database.execute(frozen, "UPDATE ledger SET settled = 7");
            expire();

            assertThat(second.take()).isTrue();

            assertThatThrownBy(() -> database.commit(frozen)).isInstanceOf(SQLException.class);
        }
        try (Connection connection = database.connect()) {
            assertThat(connection
                            .createStatement()
                            .executeQuery("SELECT 1 FROM ledger WHERE settled = 7")
                            .next())
                    .isFalse();
        }
    }
}
