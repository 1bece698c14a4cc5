package dev.buzon.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose home, settings and routes are obeyed. */
class TrustTest {

    private static final int SOMEBODY = 12_345;

    @TempDir
    private Path folder;

    private Path office;

    @BeforeEach
    void makeHome() throws IOException {
        office = Files.createDirectory(folder.resolve("office"));
    }

    private Settings read(String... keysAndValues) {
        Properties system = new Properties();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            system.setProperty(keysAndValues[i], keysAndValues[i + 1]);
        }
        return Settings.read(new Home(office), Path.of("routes"), system);
    }

    private static void refuses(ThrowingCallable what, String... words) {
        assertThatThrownBy(what).isInstanceOf(SettingsException.class).hasMessageContainingAll(words);
    }

    private static void permit(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private static void give(Path path, String what, int id) throws IOException {
        assumeTrue(
                ((Number) Files.getAttribute(Path.of("/proc/self/stat"), "unix:uid")).intValue() == 0,
                "skipped, only root can give a file away");
        Files.setAttribute(path, "unix:" + what, id, LinkOption.NOFOLLOW_LINKS);
    }

    @Test
    void aHomeOfAnotherUserIsRefusedByEveryoneWhoReadsItOrMakesItsFolders() throws Exception {
        give(office, "uid", SOMEBODY);

        refuses(this::read, "The home " + office + " belongs to the user 12345", "chown 0 " + office);
        refuses(() -> HomeLock.acquire(new Home(office)).close(), "belongs to the user 12345");
        assertThat(office).isEmptyDirectory();
    }

    @Test
    void aHomeThatOthersCanWriteToIsRefused() throws Exception {
        permit(office, "rwxrwxrwx");

        refuses(this::read, "Others can write to the home " + office + " (mode 0777)", "chmod go-w " + office);
    }

    @Test
    void aGroupMayWriteOnlyIfItIsItsUsersOwn() throws Exception {
        permit(office, "rwxrwxr-x");
        give(office, "gid", SOMEBODY);

        refuses(this::read, "The group 12345 can write to the home " + office, "chmod g-w " + office);
        give(office, "gid", 0);
        assertThatCode(this::read).doesNotThrowAnyException();
    }

    @Test
    void settingsOfAnotherUserAreNotRead() throws Exception {
        Path settings = Files.writeString(office.resolve("buzon.properties"), "buzon.nonsense=1\n");
        give(settings, "uid", SOMEBODY);

        assertThatThrownBy(this::read)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("The settings " + settings + " belongs to the user 12345")
                .hasMessageContaining("chown 0 " + settings)
                .hasMessageNotContaining("nonsense");
    }

    @Test
    void settingsAreFollowedToWhereALinkLeads() throws Exception {
        Path real = Files.writeString(folder.resolve("real"), "buzon.web.port=0\n");
        Files.createSymbolicLink(office.resolve("buzon.properties"), real);
        assertThat(read().get("buzon.web.port")).isEqualTo("0");

        permit(real, "rw-rw-rw-");

        refuses(this::read, "Others can write to the settings " + real);
    }

    @Test
    void aPrivateFolderThatIsALinkIsRefusedAndItsTargetLeftAlone() throws Exception {
        Path target = Files.createDirectory(folder.resolve("target"));
        permit(target, "rwxr-xr-x");
        Path link = Files.createSymbolicLink(office.resolve(".buzon"), target);

        refuses(() -> HomeLock.acquire(new Home(office)).close(), link + " is a link to " + target, "rm " + link);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rwxr-xr-x");
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void aPrivateFolderOfAnotherUserOrThatOthersFilledIsRefused() throws Exception {
        Path made = Files.createDirectory(office.resolve(".buzon"));
        permit(made, "rwxrwxrwx");
        assertThatCode(this::read).as("closed before anything is in it").doesNotThrowAnyException();
        Files.writeString(made.resolve("lock"), "1");

        refuses(this::read, "Others can write to the folder " + made);
        permit(made, "rwx------");
        assertThatCode(this::read).doesNotThrowAnyException();
        give(made, "uid", SOMEBODY);
        refuses(this::read, "The folder " + made + " belongs to the user 12345");
    }

    @Test
    void routesOfAnotherUserOrThatOthersCanWriteToAreNotRead() throws Exception {
        Path routes = Files.createDirectory(office.resolve("routes"));
        Path one = Files.writeString(routes.resolve("a.camel.yaml"), "{{buzon.a.inbox}}");
        Path other = Files.writeString(routes.resolve("b.camel.yaml"), "{{buzon.b.inbox}}");
        assertThat(read("buzon.routes", "routes").routes()).containsOnlyKeys("a", "b");

        permit(one, "rw-rw-rw-");
        give(other, "uid", SOMEBODY);
        give(routes, "uid", SOMEBODY);

        refuses(
                () -> read("buzon.routes", "routes"),
                "The routes folder " + routes + " belongs to the user 12345",
                "Others can write to the routes " + one,
                "The routes " + other + " belongs to the user 12345");
    }

    @Test
    void theRoutesThatComeWithTheProgramMayBeItsOwners() throws Exception {
        Path shipped = Files.createDirectory(folder.resolve("shipped"));
        Path route = Files.writeString(shipped.resolve("a.camel.yaml"), "{{buzon.a.inbox}}");
        for (Path path : List.of(shipped, route)) {
            give(path, "uid", SOMEBODY);
        }

        assertThat(Settings.read(new Home(office), shipped, new Properties()).routes())
                .containsOnlyKeys("a");
    }

    @Test
    void aFolderAboveTheHomeInWhichOthersCanReplaceItIsRefused() throws Exception {
        permit(folder, "rwxrwxrwx");

        refuses(this::read, "Others can put something else in the place of " + office, "chmod +t " + folder);
        Files.delete(office);
        refuses(this::read, "in the place of " + office);
        Files.createDirectory(office);
        Files.setAttribute(folder, "unix:mode", 01777);
        assertThatCode(this::read).doesNotThrowAnyException();
    }

    @Test
    void aLinkThatAnotherUserPutInTheHomesPlaceIsRefused() throws Exception {
        Path real = Files.move(office, folder.resolve("real"));
        Files.createSymbolicLink(office, real);
        Files.setAttribute(folder, "unix:mode", 01777);
        assertThatCode(this::read).as("our own link").doesNotThrowAnyException();

        give(office, "uid", SOMEBODY);

        refuses(this::read, "The link " + office + " belongs to the user 12345");
    }

    @Test
    void aSecretThatAnotherUserOwnsIsRefused() throws Exception {
        Path secret = Files.writeString(office.resolve("secret"), "x\n");
        permit(secret, "rw-------");
        give(secret, "uid", SOMEBODY);
        List<String> problems = new ArrayList<>();

        SecretFile.named(read("buzon.spark.secret-file", "secret"), "buzon.spark.secret-file", true, problems);

        assertThat(problems).singleElement().asString().contains("The file " + secret + " belongs to the user 12345");
    }
}
