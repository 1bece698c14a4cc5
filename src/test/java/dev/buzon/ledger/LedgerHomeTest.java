package dev.buzon.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buzon.Postgres;
import dev.buzon.database.PostgresDatabase;
import dev.buzon.database.SqliteDatabase;
import dev.buzon.home.Home;
import dev.buzon.home.HomeIdentity;
import dev.buzon.home.SettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerHomeTest {

    @TempDir
    private Path folder;

    private Ledger ledger;

    @BeforeEach
    void open() throws Exception {
        ledger = Ledger.openAtStart(
                new PostgresDatabase(Postgres.shared().newDatabase(), Postgres.USER, Postgres.PASSWORD));
    }

    @AfterEach
    void close() throws Exception {
        ledger.close();
    }

    private Home home(String name, String instance) throws Exception {
        Home home = new Home(folder.resolve(name), instance);
        home.makePrivateFolders();
        return home;
    }

    private LedgerHome onServer(Home home) throws Exception {
        return new LedgerHome(ledger, HomeIdentity.of(home, null), false);
    }

    @Test
    void aLedgerOfAnotherHomeIsRefusedAndBothAreNamed() throws Exception {
        onServer(home("one", "")).claim();
        LedgerHome two = onServer(home("two", ""));

        assertThatThrownBy(two::expectFit)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(folder.resolve("one").toString())
                .hasMessageContaining(folder.resolve("two").toString());
        assertThatThrownBy(two::claim).isInstanceOf(SettingsException.class);
        onServer(home("one", "")).claim();
    }

    @Test
    void daemonsWithANameThatShareAHomeShareItsLedger() throws Exception {
        onServer(home("one", "a")).claim();

        onServer(home("one", "b")).claim();
    }

    @Test
    void aHomeThatWasMovedKeepsItsLedger() throws Exception {
        onServer(home("one", "")).claim();
        Files.move(folder.resolve("one"), folder.resolve("moved"));

        onServer(home("moved", "")).claim();

        assertThatThrownBy(() -> onServer(home("two", "")).expectFit())
                .hasMessageContaining(folder.resolve("moved").toString());
    }

    @Test
    void aCopyOfAHomeIsRefusedTheLedgerOnTheServer() throws Exception {
        onServer(home("one", "")).claim();
        FileUtils.copyDirectory(
                folder.resolve("one").toFile(), folder.resolve("copy").toFile());

        assertThatThrownBy(() -> onServer(home("copy", "")).expectFit())
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("is a copy");
    }

    @Test
    void aHomeThatLostItsIdIsToldHowToGetItBack() throws Exception {
        onServer(home("one", "")).claim();
        String id = Files.readString(home("one", "").id()).strip();
        FileUtils.deleteDirectory(folder.resolve("one/.buzon").toFile());

        assertThatThrownBy(() -> onServer(home("one", "")).expectFit())
                .hasMessageContaining("echo " + id + " > " + home("one", "").id());

        Files.writeString(home("one", "").id(), id + "\n");
        onServer(home("one", "")).claim();
    }

    @Test
    void aCopyOfAHomeWithItsLedgerInItGoesOnByItself() throws Exception {
        Home one = home("one", "");
        try (Ledger inHome = Ledger.openAtStart(new SqliteDatabase(one.ledger()))) {
            new LedgerHome(inHome, HomeIdentity.of(one, LedgerHome.idIn(inHome)), true).claim();
        }
        FileUtils.copyDirectory(one.folder().toFile(), folder.resolve("copy").toFile());

        Home copy = home("copy", "");
        try (Ledger inHome = Ledger.openAtStart(new SqliteDatabase(copy.ledger()))) {
            LedgerHome owner = new LedgerHome(inHome, HomeIdentity.of(copy, LedgerHome.idIn(inHome)), true);
            owner.claim();
            assertThatCode(owner::expectFit).doesNotThrowAnyException();
        }
    }

    /** As it is where the ledger alone came back from a backup. */
    @Test
    void aHomeWithoutAnIdTakesThatOfTheLedgerInIt() throws Exception {
        Home one = home("one", "");
        try (Ledger inHome = Ledger.openAtStart(new SqliteDatabase(one.ledger()))) {
            new LedgerHome(inHome, HomeIdentity.of(one, null), true).claim();
            String id = LedgerHome.idIn(inHome);
            Files.delete(one.id());

            assertThat(HomeIdentity.of(one, LedgerHome.idIn(inHome)).id()).isEqualTo(id);
        }
    }
}
