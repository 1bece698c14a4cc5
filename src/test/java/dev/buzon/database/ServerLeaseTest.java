package dev.buzon.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.buzon.Postgres;
import dev.buzon.RecordedLog;
import dev.buzon.ledger.Ledger;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;
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
        Ledger.openAtStart(database).close();
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

    @Test
    void aRenewalThatFailsInAWayNobodyExpectedGivesTheLeaseUpAndSaysSo() throws Exception {
        try (RecordedLog log = new RecordedLog();
                Lease lease = new PostgresDatabase(
                                url + "?socketFactory=" + SocketsThatCanBreak.class.getName(),
                                Postgres.USER,
                                Postgres.PASSWORD)
                        .lease(() -> "third", losses::incrementAndGet)) {
            assertThat(lease.take()).isTrue();

            SocketsThatCanBreak.broken = true;

            await().untilAsserted(() -> assertThat(losses).hasValue(1));
            assertThat(lease.isHeld()).isFalse();
            assertThatThrownBy(lease::expectHeld).isInstanceOf(IOException.class);
            assertThat(log.with("The lease can't be renewed"))
                    .singleElement()
                    .asString()
                    .contains("NoClassDefFoundError");
            SocketsThatCanBreak.broken = false;
        } finally {
            SocketsThatCanBreak.broken = false;
        }
    }

    /** Connections of the driver that throw what no driver is expected to. */
    public static final class SocketsThatCanBreak extends SocketFactory {

        private static volatile boolean broken;

        @Override
        public Socket createSocket() {
            return new Socket() {
                @Override
                public OutputStream getOutputStream() throws IOException {
                    return new FilterOutputStream(super.getOutputStream()) {
                        @Override
                        public void write(byte[] bytes, int offset, int length) throws IOException {
                            if (broken) {
                                throw new NoClassDefFoundError("of this test");
                            }
                            out.write(bytes, offset, length);
                        }
                    };
                }
            };
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
            throw new UnsupportedOperationException();
        }
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
