package dev.buzon.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buzon.TestHome;
import dev.buzon.home.SettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that is elsewhere is not mistaken for an empty one. */
class DatabaseTest {

    @TempDir
    private Path folder;

    private TestHome home;
    private Path ledger;

    @BeforeEach
    void make() throws Exception {
        home = new TestHome(folder.resolve("home"));
        ledger = home.path(".buzon/ledger.db");
        Files.createDirectories(ledger.getParent());
        home.database().connect().close();
    }

    @Test
    void aServerIsNotTakenWhileTheLedgerIsStillInTheHome() throws Exception {
        home.onPostgres();

        assertThatThrownBy(home::database)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(ledger + ", was not moved")
                .hasMessageContaining("buzon move-ledger --home " + folder.resolve("home"));

        Files.move(ledger, Path.of(ledger + ".moved"));
        assertThat(home.database()).isInstanceOf(PostgresDatabase.class);
    }

    @Test
    void theHomeIsNotTakenOnceItsLedgerWasMoved() throws Exception {
        Path moved = Files.move(ledger, Path.of(ledger + ".moved"));

        assertThatThrownBy(home::database)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("buzon.ledger.url has to name it")
                .hasMessageContaining(moved.toString());

        assertThat(ledger).doesNotExist();
        Files.move(moved, ledger);
        assertThat(home.database()).isInstanceOf(SqliteDatabase.class);
    }
}
