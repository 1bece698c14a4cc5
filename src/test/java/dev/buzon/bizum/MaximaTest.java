package dev.buzon.bizum;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buzon.Postgres;
import dev.buzon.database.Database;
import dev.buzon.database.PostgresDatabase;
import dev.buzon.database.SqliteDatabase;
import dev.buzon.job.LedgerChange;
import dev.buzon.ledger.Ledger;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaximaTest {

    @TempDir
    private Path folder;

    @Test
    void aPersonMayStandInASpoolMoreThanOnce() throws Exception {
        Database file = new SqliteDatabase(folder.resolve("ledger.db"));
        Database server = new PostgresDatabase(Postgres.shared().newDatabase(), Postgres.USER, Postgres.PASSWORD);
        Path spool = folder.resolve("spool");
        Maxima maxima = new Maxima(spool);
        for (String amount : new String[] {"1", "3", "2"}) {
            maxima.add(Bizum.of("Ana", amount, "of " + amount));
            maxima.flush();
        }
        LedgerChange change = maxima.raise("bizums");

        for (Database database : new Database[] {file, server}) {
            try (Ledger ledger = Ledger.openAtStart(database)) {
                long raised = ledger.inTransaction(change::apply);
                assertThat(raised).isEqualTo(2);
                long again = ledger.inTransaction(change::apply);
                assertThat(again).isZero();
            }
        }
    }

    @Test
    void longNamesAndConceptsFillTheMemoryNoMoreThanShortOnes() throws Exception {
        Path spool = folder.resolve("spool");
        Maxima maxima = new Maxima(spool);

        for (int i = 0; i < 10_000; i++) {
            maxima.add(Bizum.of("Ana" + i, "1", "x".repeat(1_000)));
        }

        assertThat(spool).exists();
    }
}
