package dev.buzon.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.buzon.Listener;
import dev.buzon.TestHome;
import dev.buzon.home.SettingsException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RemoteConnectorTest {

    @TempDir
    private static Path folder;

    private RemoteJmx remote;
    private TestHome home;

    @BeforeAll
    void makeUsers() throws Exception {
        assumeTrue(Listener.canBeSeen(), "skipped: there is no /proc here, nor an address 127.0.0.2");
        remote = new RemoteJmx(folder);
    }

    @BeforeEach
    void makeSettings() {
        home = new TestHome(folder);
        remote.settings().forEach(home::set);
    }

    private AutoCloseable start() throws Exception {
        return RemoteConnector.start(RemoteAccess.read(home.settings()).orElseThrow());
    }

    @Test
    void itIsOffByDefault() {
        assertThat(RemoteAccess.read(new TestHome(folder).settings())).isEmpty();
    }

    @Test
    void usersDoWhatTheyMayAndNobodyElseDoesAnything() throws Exception {
        List<String> trusting;
        List<String> notTrusting;
        List<Listener> listeners;
        try (AutoCloseable connector = start()) {
            trusting = remote.client(
                    "admin:may-write", "viewer:may-read", "viewer:may-write", "nobody", "stranger", "plain");
            notTrusting = remote.clientWithoutTrust("admin:may-write");
            listeners = Listener.of(ProcessHandle.current().pid());
            assertThat(connector).isNotNull();
        }

        assertThat(trusting.subList(0, 5))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("admin:may-write reads: Java Virtual Machine"),
                        line -> assertThat(line).isEqualTo("admin:may-write sets: done"),
                        line -> assertThat(line).isEqualTo("admin:may-write invokes: null"),
                        line -> assertThat(line)
                                .contains("sends a stranger: refused")
                                .contains("REJECTED"),
                        line -> assertThat(line).isEqualTo("admin:may-write: connected"));
        assertThat(trusting.subList(5, 10))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("viewer:may-read reads: Java Virtual Machine"),
                        line -> assertThat(line)
                                .startsWith("viewer:may-read sets: refused")
                                .contains("Access denied"),
                        line -> assertThat(line)
                                .startsWith("viewer:may-read invokes: refused")
                                .contains("Access denied"),
                        line -> assertThat(line)
                                .contains("sends a stranger: refused")
                                .contains("REJECTED"),
                        line -> assertThat(line).isEqualTo("viewer:may-read: connected"));
        assertThat(trusting.subList(10, trusting.size()))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("viewer:may-write: refused")
                                .contains("Invalid username or password"),
                        line -> assertThat(line).startsWith("nobody: refused").contains("Credentials required"),
                        line -> assertThat(line).startsWith("stranger: refused").contains("REJECTED"),
                        line -> assertThat(line).startsWith("plain: refused"));
        assertThat(folder.resolve("users")).content().contains("viewer").doesNotContain("may-read");
        assertThat(notTrusting)
                .singleElement()
                .asString()
                .startsWith("admin:may-write: refused")
                .contains("unable to find valid certification path");
        assertThat(listeners)
                .filteredOn(listener -> listener.port() == remote.port())
                .singleElement()
                .matches(listener -> listener.address().matches(".*0200007F"), "is on 127.0.0.2");
        assertThat(Listener.of(ProcessHandle.current().pid())).noneMatch(listener -> listener.port() == remote.port());
    }

    @Test
    void allThatIsMissingIsSaidTogether() {
        home = new TestHome(folder)
                .set("buzon.jmx.port", "9010")
                .set("buzon.jmx.host", "0.0.0.0")
                .set("buzon.jmx.password-file", "nowhere");

        assertThatThrownBy(() -> RemoteAccess.read(home.settings()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("buzon.jmx.host=0.0.0.0: one address is expected")
                .hasMessageContaining("buzon.jmx.keystore is missing")
                .hasMessageContaining("buzon.jmx.keystore-password-file is missing")
                .hasMessageContaining("buzon.jmx.password-file=nowhere: there is no file " + folder.resolve("nowhere"))
                .hasMessageContaining("buzon.jmx.access-file is missing");
    }

    @Test
    void filesThatAreOpenToOthersAreRefusedEach() throws Exception {
        for (String name : List.of("keystore.p12", "keystore-password", "users", "rights")) {
            open(name, "rw-r-----");
        }
        assertThatThrownBy(() -> RemoteAccess.read(home.settings()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("buzon.jmx.keystore=keystore.p12: others than its owner may read")
                .hasMessageContaining("buzon.jmx.keystore-password-file=keystore-password: others than its owner may")
                .hasMessageContaining("buzon.jmx.password-file=users: others than its owner may read")
                .message()
                .doesNotContain("buzon.jmx.access-file");
        open("rights", "rw-rw----");
        assertThatThrownBy(() -> RemoteAccess.read(home.settings()))
                .hasMessageContaining("buzon.jmx.access-file=rights: others than its owner may write");
        for (String name : List.of("keystore.p12", "keystore-password", "users", "rights")) {
            open(name, "rw-------");
        }
        assertThat(RemoteAccess.read(home.settings())).isPresent();
    }

    private static void open(String name, String permissions) throws Exception {
        Files.setPosixFilePermissions(folder.resolve(name), PosixFilePermissions.fromString(permissions));
    }

    @Test
    void aKeystoreThatDoesNotOpenIsRefused() throws Exception {
        Files.writeString(folder.resolve("wrong"), "wrong");
        open("wrong", "rw-------");
        home.set("buzon.jmx.keystore-password-file", "wrong");

        assertThatThrownBy(() -> RemoteAccess.read(home.settings()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("can't be opened with the password in " + folder.resolve("wrong"));
    }

    @Test
    void aCertificateWithoutItsKeyIsRefused() throws Exception {
        open("trust.p12", "rw-------");
        home.set("buzon.jmx.keystore", "trust.p12");

        assertThatThrownBy(() -> RemoteAccess.read(home.settings()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("trust.p12 holds no key with a certificate");
    }

    @Test
    void aPortThatIsTakenIsSaid() throws Exception {
        try (ServerSocket other = new ServerSocket(remote.port(), 0, InetAddress.getByName(RemoteJmx.HOST))) {
            assertThat(other.isBound()).isTrue();
            assertThatThrownBy(this::start)
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("buzon.jmx.port=" + remote.port())
                    .hasMessageContaining("Port already in use");
        }
    }

    @Test
    void rightsThatCantBeUnderstoodAreRefused() throws Exception {
        Files.writeString(folder.resolve("odd"), "viewer everything\n");
        open("odd", "rw-------");
        home.set("buzon.jmx.access-file", "odd");

        assertThatThrownBy(this::start)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("with the users' rights in " + folder.resolve("odd"));
        assertThat(Listener.of(ProcessHandle.current().pid())).noneMatch(listener -> listener.port() == remote.port());
    }
}
