package dev.buzon.bizum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.TestHome;
import dev.buzon.database.Database;
import dev.buzon.ledger.LedgerTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A home whose ledger is from the time when there was one table of highest bizums. */
class OlderLedgerTest {

    @TempDir
    private Path folder;

    @Test
    void itsTableGoesOnAsItWas() throws Exception {
        goesOnAsItWas(new TestHome(folder.resolve("home")));
    }

    @Test
    void itsTableGoesOnAsItWasOnPostgres() throws Exception {
        goesOnAsItWas(new TestHome(folder.resolve("home")).onPostgres());
    }

    private static void goesOnAsItWas(TestHome home) throws Exception {
        home.settings().home().makePrivateFolders();
        try (Connection connection = home.database().connect()) {
            LedgerTest.runScripts(home.database(), connection, 5);
            Database.execute(connection, "UPDATE ledger SET version = 5");
            Database.execute(
                    connection,
                    "INSERT INTO highest_bizum VALUES ('ana', 3400, 'Patatas'), ('maria', 300000, 'Coche')");
        }
        Path table = home.path("outbox/bizums/highest-bizums.csv");
        Files.createDirectories(table.getParent());
        Files.writeString(table, "maria;3000;Coche\nana;34;Patatas\n");
        FileTime written = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(table, written);

        try {
            home.start();
            home.handle("bizums", "lower.csv", "Ana;33;Cena\nMaria;1;Cena");

            assertThat(Files.getLastModifiedTime(table)).isEqualTo(written);

            home.handle("bizums", "higher.csv", "Ana;35;Cena");

            await().untilAsserted(() -> assertThat(home.highestBizums()).isEqualTo("maria;3000;Coche\nana;35;Cena\n"));
        } finally {
            home.stop();
        }
    }
}
