package dev.buzon.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buzon.home.Disk;
import dev.buzon.home.ForeignFolderException;
import dev.buzon.home.Home;
import dev.buzon.home.OpenFolder;
import dev.buzon.home.StagingFolder;
import dev.buzon.simulation.DiskHabits.Order;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the simulated disk does that can't be compared with a real one, which {@link DiskComparisonTest} does. */
class DiskTest extends DiskFixture {

    @Test
    void aWriteThatFailsHasWrittenHalf() throws IOException {
        calls.failNext(Act.WRITE, Fault.NO_SPACE);

        assertThatThrownBy(() -> Files.writeString(home.resolve("a"), "0123456789"))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("No space left on device");

        assertThat(home.resolve("a")).hasContent("01234");
    }

    @Test
    void aCallThatFailsHasNoEffectAndNamesItsFile() {
        calls.failNext(Act.MAKE_FOLDER, Fault.NO_SPACE);
        assertThatThrownBy(() -> Files.createDirectory(home.resolve("a")))
                .isExactlyInstanceOf(FileSystemException.class)
                .hasMessage("/home/a: No space left on device");
        calls.failNext(Act.CREATE, Fault.NO_ACCESS);
        assertThatThrownBy(() -> Files.createFile(home.resolve("a")))
                .isExactlyInstanceOf(AccessDeniedException.class)
                .hasMessage("/home/a");

        assertThat(home.resolve("a")).doesNotExist();
    }

    @Test
    void eachSystemCallIsAskedForByThePathWithoutLinks() throws IOException {
        Files.createSymbolicLink(disk.path("/link"), home);
        calls.made.clear();

        try (OpenFolder folder = OpenFolder.at(disk.path("/link"))) {
            try (FileChannel channel = folder.create("a")) {
                channel.write(ByteBuffer.wrap(new byte[1]));
                channel.force(true);
            }
            folder.move("a", folder, "b");
            folder.force();
        }
        Files.exists(disk.path("/link/b"));
        Files.delete(disk.path("/link/b"));

        assertThat(calls.made)
                .containsExactly(
                        "LIST /home",
                        "CREATE /home/a",
                        "WRITE /home/a",
                        "FORCE /home/a",
                        "MOVE /home/a",
                        "LIST /home",
                        "FORCE_FOLDER /home",
                        "LOOK /home/b",
                        "LOOK /home/b",
                        "DELETE /home/b");
    }

    @Test
    void whatOthersDoBeforeACallIsSeenByIt() throws IOException {
        Path file = Files.writeString(home.resolve("a"), "old");
        calls.beforeTheNext(() -> {
            try {
                Files.delete(file);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });

        assertThatThrownBy(() -> Files.readString(file)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aNumberIsReusedOnceNobodyHoldsItsFileOpen() throws IOException {
        makeDisk(Order.IN_ORDER, true);
        Path file = Files.writeString(home.resolve("a"), "text");
        Object number = inode(file);
        try (FileChannel channel = FileChannel.open(file)) {
            Files.delete(file);
            assertThat(inode(Files.createFile(home.resolve("b")))).isNotEqualTo(number);
            ByteBuffer buffer = ByteBuffer.allocate(4);
            channel.read(buffer);
            assertThat(buffer.array()).isEqualTo("text".getBytes(UTF_8));
        }

        assertThat(inode(Files.createFile(home.resolve("c")))).isEqualTo(number);
    }

    @Test
    void aFolderThatIsHeldOpenStaysTheSameWhereverItGoes() throws IOException {
        Path folder = Files.createDirectory(home.resolve("folder"));
        Path foreign = Files.createDirectory(home.resolve("foreign"));
        try (OpenFolder open = OpenFolder.at(folder)) {
            Files.move(folder, home.resolve("moved"));
            Files.createSymbolicLink(folder, foreign);

            open.create("a").close();

            assertThat(home.resolve("moved/a")).exists();
            assertThat(foreign).isEmptyDirectory();
            assertThat(calls.made).contains("CREATE /home/moved/a");
        }
    }

    @Test
    void anOpenFolderOfTheServiceDoesAllThatItCan() throws IOException {
        Files.createDirectories(home.resolve("a/b/c"));
        Files.createSymbolicLink(home.resolve("link"), home.resolve("a"));
        try (OpenFolder folder = OpenFolder.at(home)) {
            folder.create("file").close();
            folder.force("file");
            folder.setPermissions(PosixFilePermissions.fromString("rwx------"));

            assertThat(folder.names()).containsExactlyInAnyOrder("a", "file", "link");
            assertThat(folder.attributes().permissions()).hasSize(3);
            assertThat(folder.find("b")).isEmpty();
            assertThat(folder.attributes("link").isSymbolicLink()).isTrue();
            assertThatThrownBy(() -> folder.open("link")).isInstanceOf(ForeignFolderException.class);
            assertThatThrownBy(() -> folder.force("link")).hasMessageStartingWith("Too many levels of symbolic links");
            folder.clear("a");
            assertThat(folder.names()).containsExactlyInAnyOrder("file", "link");
        }
    }

    @Test
    void theServiceMakesItsPrivateFolders() throws IOException {
        Home made = new Home(disk.path("/home/buzon"), "one");

        made.makePrivateFolders();
        made.makePrivateFolders();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made.privateFolder())))
                .isEqualTo("rwx------");
        assertThat(made.temporary()).isDirectory();
    }

    @Test
    void theServiceOpensItsStagingFolderAndRefusesAForeignOne() throws IOException {
        Home made = new Home(home);
        made.makePrivateFolders();
        Path outbox = Files.createDirectory(home.resolve("outbox"));
        StagingFolder staging = new StagingFolder(made, outbox, ".staging", "bizum");

        staging.open().close();
        staging.open().close();
        Files.delete(staging.path());
        Files.createSymbolicLink(staging.path(), disk.path("/"));

        assertThatThrownBy(staging::open).isInstanceOf(ForeignFolderException.class);
    }

    @Test
    void anUnmountedFolderLooksEmptyAndIsOfAnotherDevice() throws IOException {
        Path inbox = Files.createDirectory(home.resolve("inbox"));
        Files.writeString(inbox.resolve("a"), "text");
        Object device = Files.getAttribute(inbox, "unix:dev");
        try (OpenFolder held = OpenFolder.at(inbox)) {
            disk.unmount(inbox);

            assertThat(inbox).isEmptyDirectory();
            assertThat(Files.getAttribute(inbox, "unix:dev")).isNotEqualTo(device);
            assertThat(held.names()).hasSize(1);
            Files.writeString(inbox.resolve("b"), "hidden");
            assertThatThrownBy(() -> Files.move(inbox.resolve("b"), home.resolve("b"), StandardCopyOption.ATOMIC_MOVE))
                    .isInstanceOf(AtomicMoveNotSupportedException.class);
            assertThatThrownBy(() -> Files.delete(inbox)).hasMessageContaining("busy");
        }

        disk.mount(inbox);
        assertThat(Files.readString(inbox.resolve("a"))).isEqualTo("text");
        assertThat(inbox.resolve("b")).doesNotExist();
        disk.unmount(inbox);
        assertThat(inbox.resolve("b")).exists();
    }

    @Test
    void othersNeitherReadNorChangeWhatIsPrivate() throws IOException {
        Path secret = Files.createDirectory(
                home.resolve("secret"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path file = Files.writeString(home.resolve("a"), "text");
        calls.user = "ana";

        assertThatThrownBy(() -> Files.list(secret)).isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> Files.createFile(secret.resolve("b"))).isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> append(file, "more")).isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> Files.delete(file)).isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-")))
                .hasMessageEndingWith("Operation not permitted");
        assertThat(Files.readString(file)).isEqualTo("text");
        assertThat(Files.isWritable(home)).isFalse();
        assertThat(Files.getOwner(file)).hasToString("root");
    }

    @Test
    void timesAreThoseOfTheClockWithoutWhatIsBelowTheGrain() throws IOException {
        time = Instant.parse("2026-01-01T00:00:00.007Z");
        Path file = Files.writeString(home.resolve("a"), "text");

        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));

        assertThat(Files.getAttribute(file, "unix:ctime"))
                .isEqualTo(FileTime.from(Instant.parse("2026-01-01T00:00:00.004Z")));
        assertThat(Files.getLastModifiedTime(home)).isEqualTo(Files.getAttribute(file, "unix:ctime"));
        assertThat(Files.getLastModifiedTime(file).toMillis()).isZero();
    }

    @Test
    void aPipeIsNoFileAndCanNotBeOpened() throws IOException {
        Path pipe = home.resolve("pipe");
        disk.makePipe(pipe);

        assertThat(Files.exists(pipe, LinkOption.NOFOLLOW_LINKS)).isTrue();
        assertThat(Files.isRegularFile(pipe)).isFalse();
        assertThatThrownBy(() -> Files.readString(pipe)).isInstanceOf(IOException.class);
    }

    @Test
    void aFileLeadsBackToItsPath() {
        assertThat(home.resolve("a").toFile().toPath()).isEqualTo(home.resolve("a"));
        assertThat(home.resolve("a").toFile().getParentFile().toPath()).isEqualTo(home);
        assertThat(home.resolve("ñ \\").toUri().getRawPath())
                .isEqualTo(Path.of("/home/ñ \\").toUri().getRawPath());
    }

    @Test
    void inOrderAPowerCutGoesBackToAStateThatWasThere() throws IOException {
        for (int seed = 0; seed < 100; seed++) {
            makeDisk(Order.IN_ORDER, seed % 2 == 0);
            Disk.force(home);
            Set<List<String>> states = new HashSet<>();
            calls.beforeEach(() -> states.add(names()));
            RandomProgram.run(home, seed, 100);
            states.add(names());
            calls.beforeEach(null);

            disk.cutPower(new Random(seed * 31L));

            assertThat(states).describedAs("program %s", seed).contains(names());
        }
    }

    /** All names in the home, with how many names each file has. */
    private List<String> names() {
        List<String> names = new ArrayList<>();
        try (Stream<Path> all = Files.walk(home)) {
            for (Path path : all.toList()) {
                names.add(path + " " + Files.readAttributes(path, "unix:nlink", LinkOption.NOFOLLOW_LINKS));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }
}
