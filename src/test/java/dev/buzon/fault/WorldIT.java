package dev.buzon.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.buzon.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The world is wrong, then right again, while one daemon runs: nothing is lost, blamed on a file, or done twice. */
class WorldIT {

    /** What the log says often enough of a file that waits to be seen to wait. */
    private static final int OFTEN = 3;

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class FullDisks {

        @TempDir
        private static Path folder;

        private final List<SmallDisk> disks = new ArrayList<>();
        private SmallDisk out;
        private SmallDisk in;
        private SmallDisk books;
        private SmallDisk scratch;
        private Suffering service;

        @BeforeAll
        void start() throws Exception {
            Path home = folder.resolve("home");
            out = mount("out", "1m");
            in = mount("in", "1m");
            books = mount("home/.buzon", "16m");
            scratch = mount("scratch", "16m");
            service = Suffering.start(
                    folder,
                    home,
                    in.folder().resolve("inbox"),
                    out.folder().resolve("results"),
                    "-Dbuzon.invoices.archive=" + in.folder().resolve("archive"),
                    "-Dbuzon.invoices.duplicates=" + in.folder().resolve("duplicates"),
                    "-Dbuzon.invoices.rejected=" + in.folder().resolve("rejected"),
                    "-Dspark.local.dir=" + scratch.folder());
            service.handles("first.json");
        }

        private SmallDisk mount(String name, String size) throws Exception {
            SmallDisk disk = SmallDisk.mount(folder.resolve(name), size);
            disks.add(disk);
            return disk;
        }

        @AfterAll
        void end() throws Exception {
            try {
                if (service != null) {
                    service.end();
                }
            } finally {
                for (SmallDisk disk : disks) {
                    disk.unmount();
                }
            }
        }

        @AfterEach
        void repair() throws Exception {
            service.repair();
        }

        @Test
        void aFullOutboxMakesItsFilesWait() throws Exception {
            String file = "full-outbox.json";
            Suffering.Trouble trouble = service.trouble(out::fill, out::makeRoom);

            service.drop(file, Suffering.invoices(file));

            trouble.isSeen(OFTEN, file);
            assertThat(service.holds(file)).isTrue();
            assertThat(service.results(file)).isEmpty();
            service.bizumsGoOn();
            service.repair();
            service.awaitHandled(file);
            trouble.isOver(1);
        }

        @Test
        void aFullLedgerMakesAllFilesWait() throws Exception {
            String file = "full-ledger.json";
            String bizum = "full-ledger.csv";
            Suffering.Trouble trouble = service.trouble(books::fill, books::makeRoom);

            service.drop(file, Suffering.invoices(file));
            service.dropBizum(bizum);

            trouble.isSeen(OFTEN, file);
            trouble.isSeen(OFTEN, bizum);
            service.statusSaysDown();
            assertThat(service.holds(file)).isTrue();
            assertThat(service.holdsBizum(bizum)).isTrue();
            assertThat(service.results(file)).isEmpty();
            service.repair();
            service.awaitHandled(file);
            await().until(() -> !service.holdsBizum(bizum));
            trouble.isOver(2);
        }

        @Test
        void aFullArchiveMakesOnlyTheFilesWaitThatNeedRoomThere() throws Exception {
            String file = "full-archive.json";
            String other = "no-room-needed.json";
            service.prepare(file, Suffering.invoices(file) + "{\"bad\":\n");
            service.prepare(other, Suffering.invoices(other));
            Suffering.Trouble trouble = service.trouble(in::fill, in::makeRoom);

            service.drop(file);

            trouble.isSeen(OFTEN, file);
            assertThat(service.holds(file)).isTrue();
            assertThat(service.results(file)).isEmpty();
            service.bizumsGoOn();
            service.drop(other);
            service.awaitHandled(other);
            service.repair();
            service.awaitHandled(file);
            try (Stream<Path> rejected = Files.list(in.folder().resolve("rejected"))) {
                assertThat(rejected.filter(Files::isRegularFile))
                        .singleElement()
                        .satisfies(path -> assertThat(path)
                                .content()
                                .startsWith("{\"line\":2,")
                                .hasLineCount(1));
            }
            // And one for what was set aside.
            trouble.isOver(2);
        }

        @Test
        void aFullFolderOfSparkStopsNothing() throws Exception {
            Suffering.Trouble trouble = service.trouble(scratch::fill, scratch::makeRoom);

            service.handles("full-scratch.json");

            service.repair();
            trouble.isOver(1);
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class FoldersAndLedger {

        @TempDir
        private static Path folder;

        private Path home;
        private Path inbox;
        private Path outbox;
        private Path archive;
        private Suffering service;

        @BeforeAll
        void start() throws Exception {
            home = folder.resolve("home");
            inbox = home.resolve("inbox/invoices");
            outbox = home.resolve("outbox/invoices");
            archive = home.resolve("archive/invoices");
            service = Suffering.start(folder, home, inbox, outbox);
            service.handles("first.json");
        }

        @AfterAll
        void end() throws Exception {
            if (service != null) {
                service.end();
                service.check();
            }
        }

        @AfterEach
        void repair() throws Exception {
            service.repair();
        }

        @Test
        void aLockedLedgerMakesAllFilesWait() throws Exception {
            String file = "locked.json";
            String bizum = "locked.csv";
            try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + home.resolve(".buzon/ledger.db"));
                    Statement statement = other.createStatement()) {
                Suffering.Trouble trouble = service.trouble(
                        () -> statement.execute("BEGIN IMMEDIATE"), () -> statement.execute("ROLLBACK"));

                service.drop(file, Suffering.invoices(file));
                service.dropBizum(bizum);

                trouble.isSeen(Rig.isLong() ? 20 : 1, file);
                trouble.isSeen(1, bizum);
                assertThat(service.holds(file)).isTrue();
                assertThat(service.holdsBizum(bizum)).isTrue();
                assertThat(service.results(file)).isEmpty();
                service.repair();
                service.awaitHandled(file);
                await().until(() -> !service.holdsBizum(bizum));
                trouble.isOver(2);
            }
        }

        @Test
        void anOutboxThatCantBeWrittenMakesItsFilesWait() throws Exception {
            String file = "unwritable-outbox.json";
            Suffering.Trouble trouble = service.trouble(() -> makeReadonly(outbox), () -> makeWritable(outbox));

            service.drop(file, Suffering.invoices(file));

            trouble.isSeen(OFTEN, file);
            assertThat(service.holds(file)).isTrue();
            assertThat(service.results(file)).isEmpty();
            service.bizumsGoOn();
            service.repair();
            service.awaitHandled(file);
            trouble.isOver(1);
        }

        @Test
        void anArchiveThatCantBeWrittenLeavesThePublishedFileInTheInbox() throws Exception {
            String file = "unwritable-archive.json";
            Suffering.Trouble trouble = service.trouble(() -> makeReadonly(archive), () -> makeWritable(archive));

            service.drop(file, Suffering.invoices(file));

            trouble.isSeen(OFTEN, file);
            assertThat(service.holds(file)).isTrue();
            assertThat(service.results(file)).hasSize(1);
            service.bizumsGoOn();
            service.repair();
            service.awaitHandled(file);
            assertThat(archived(file)).hasSize(1);
            trouble.isOver(1);
        }

        @Test
        void anInboxThatLetsNothingGoLeavesThePublishedFileThere() throws Exception {
            String file = "unwritable-inbox.json";
            Path whole = folder.resolve(file);
            service.prepare(whole, Suffering.invoices(file));
            // Names can be added to such a folder, and none can be taken away.
            Shell.assume("chattr", "+a", inbox.toString());
            Suffering.Trouble trouble = service.trouble(() -> {}, () -> Shell.run("chattr", "-a", inbox.toString()));

            Files.createLink(inbox.resolve(file), whole);

            trouble.isSeen(OFTEN, file);
            assertThat(service.holds(file)).isTrue();
            assertThat(service.results(file)).hasSize(1);
            service.bizumsGoOn();
            service.repair();
            service.awaitHandled(file);
            assertThat(archived(file)).hasSize(1);
            trouble.isOver(1);
        }

        @Test
        void anOutboxThatIsGoneIsNotMadeAnewAndMakesItsFilesWait() throws Exception {
            String file = "gone-outbox.json";
            Path away = home.resolve("away-outbox");
            Suffering.Trouble trouble = service.trouble(() -> Files.move(outbox, away), () -> comesBack(away, outbox));

            service.drop(file, Suffering.invoices(file));

            trouble.isSeen(OFTEN, file);
            assertThat(service.holds(file)).isTrue();
            assertThat(outbox).doesNotExist();
            service.bizumsGoOn();
            service.repair();
            service.awaitHandled(file);
            trouble.isOver(1);
        }

        @Test
        void anOutboxThatWasMadeAnewEmptyIsAsGood() throws Exception {
            Path away = home.resolve("old-outbox");
            Suffering.Trouble trouble = service.trouble(
                    () -> {
                        Files.move(outbox, away);
                        Files.createDirectory(outbox);
                    },
                    () -> joins(away, outbox));

            service.handles("new-outbox.json");

            trouble.isOver(1);
        }

        @Test
        void anArchiveThatIsGoneIsNotMadeAnewAndLeavesThePublishedFileInTheInbox() throws Exception {
            String file = "gone-archive.json";
            Path away = home.resolve("away-archive");
            Suffering.Trouble trouble =
                    service.trouble(() -> Files.move(archive, away), () -> comesBack(away, archive));

            service.drop(file, Suffering.invoices(file));

            trouble.isSeen(OFTEN, file);
            assertThat(service.holds(file)).isTrue();
            assertThat(archive).doesNotExist();
            service.bizumsGoOn();
            service.repair();
            service.awaitHandled(file);
            assertThat(archived(file)).hasSize(1);
            trouble.isOver(1);
        }

        @Test
        void anArchiveThatWasMadeAnewEmptyIsAsGood() throws Exception {
            String file = "new-archive.json";
            Path away = home.resolve("old-archive");
            Suffering.Trouble trouble = service.trouble(
                    () -> {
                        Files.move(archive, away);
                        Files.createDirectory(archive);
                    },
                    () -> joins(away, archive));

            service.handles(file);

            assertThat(archived(file)).hasSize(1);
            trouble.isOver(1);
        }

        @Test
        void anInboxThatIsGoneIsSaidAndSeenAgain() throws Exception {
            String file = "gone-inbox.json";
            Path away = home.resolve("away-inbox");
            Suffering.Trouble trouble = service.trouble(() -> Files.move(inbox, away), () -> comesBack(away, inbox));
            service.prepare(away.resolve(file), Suffering.invoices(file));

            trouble.isSeen(1, inbox.toString());
            assertThat(inbox).doesNotExist();
            assertThat(service.results(file)).isEmpty();
            service.bizumsGoOn();
            service.repair();
            service.awaitHandled(file);
            trouble.isOver(1);
        }

        @Test
        void anInboxThatWasMadeAnewEmptyIsAsGood() throws Exception {
            Suffering.Trouble trouble = service.trouble(() -> deleteTree(inbox), () -> Files.createDirectory(inbox));
            trouble.isSeen(1, inbox.toString());
            service.repair();

            service.handles("new-inbox.json");

            trouble.isOver(1);
        }

        private List<Path> archived(String file) throws IOException {
            String stem = file.substring(0, file.lastIndexOf('.')) + "-";
            try (Stream<Path> files = Files.walk(home.resolve("archive"))) {
                return files.filter(path -> path.getFileName().toString().startsWith(stem))
                        .toList();
            }
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** The files of a folder go to where those of another are. */
    private static void joins(Path away, Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(away)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = folder.resolve(away.relativize(file));
                Files.createDirectories(target.getParent());
                Files.move(file, target);
            }
        }
        deleteTree(away);
    }

    /** Whatever somebody made in its place meanwhile. */
    private static void comesBack(Path away, Path folder) throws IOException {
        if (Files.exists(folder)) {
            deleteTree(folder);
        }
        Files.move(away, folder);
    }

    /** Nothing can be added to the folder and those in it, or be taken from them; root needs more than permissions. */
    private static void makeReadonly(Path folder) throws Exception {
        if (!Shell.succeeds("chattr", "-R", "+i", folder.toString())) {
            Shell.run("chmod", "-R", "a-w", folder.toString());
        }
        try {
            Files.delete(Files.createTempFile(folder, ".probe", ""));
        } catch (IOException denied) {
            return;
        }
        makeWritable(folder);
        assumeTrue(false, "skipped: this user can't make a folder that it can't write to");
    }

    private static void makeWritable(Path folder) throws Exception {
        if (!Shell.succeeds("chattr", "-R", "-i", folder.toString())) {
            Shell.run("chmod", "-R", "u+w", folder.toString());
        }
    }
}
