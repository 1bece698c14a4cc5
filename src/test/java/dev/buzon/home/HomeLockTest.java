package dev.buzon.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buzon.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who has a home to himself. */
class HomeLockTest {

    @TempDir
    private Path folder;

    private Home home;

    @BeforeEach
    void makeHome() {
        home = new Home(folder.resolve("office"));
    }

    @Test
    void aHomeWhoseLockFileWasRemovedIsStillHeld() throws Exception {
        try (HomeLock first = HomeLock.acquire(home)) {
            assertThat(first.isInPlace()).isTrue();
            Files.delete(home.lock());

            assertThat(first.isInPlace()).isFalse();
            refusesASecond();
            // Which has made a file of the name by now.
            assertThat(first.isInPlace()).isFalse();
            refusesASecond();
            assertThat(HomeLock.holder(home).orElseThrow().process()).contains(ProcessHandle.current());
        }
        assertThat(HomeLock.holder(home)).isEmpty();
        HomeLock.acquire(home).close();
    }

    @Test
    void aHomeIsStillHeldAfterACleanerOfOldFiles() throws Exception {
        try (HomeLock first = HomeLock.acquire(home)) {
            Files.delete(home.lock());
            Files.delete(home.holder());

            first.keepRecord();

            refusesASecond();
        }
        assertThat(home.holder()).doesNotExist();
    }

    private void refusesASecond() {
        assertThatThrownBy(() -> HomeLock.acquire(home))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(
                        "is held by the process " + ProcessHandle.current().pid());
    }

    @Test
    void aCopyOfAHomeThatIsHeldIsFree() throws Exception {
        Home copy = new Home(folder.resolve("copy"));
        try (HomeLock held = HomeLock.acquire(home)) {
            Shell.run("cp", "-r", home.folder().toString(), copy.folder().toString());
            Files.delete(copy.lock());

            assertThat(HomeLock.holder(copy)).isEmpty();
            HomeLock.acquire(copy).close();
            assertThat(held.isInPlace()).isTrue();
        }
    }

    @Test
    void whatADeadProcessLeftHoldsNothing() throws Exception {
        ProcessRecord dead = record("1", "");
        Files.writeString(home.holder(), dead.text());
        assertThat(HomeLock.holder(home)).isEmpty();
        Files.writeString(home.lock(), dead.text());
        assertThat(HomeLock.holder(home)).isEmpty();
        Files.writeString(home.holder(), "pid=x\n");

        HomeLock.acquire(home).close();
    }

    @Test
    void anotherMachinesDaemonWhoseLockFileWasRemovedIsNamedWithTheCure() throws Exception {
        Files.writeString(home.holder(), record("1", "elsewhere").text());

        assertThatThrownBy(() -> HomeLock.acquire(home))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("the process 1 on elsewhere, which is another machine")
                .hasMessageContaining("rm " + home.holder());
        // Its lock, if it is still there, tells whether it lives.
        Files.writeString(home.lock(), record("1", "elsewhere").text());
        HomeLock.acquire(home).close();
    }

    /** Of a process with a number that is taken, but not since then. */
    private ProcessRecord record(String started, String elsewhere) throws IOException {
        home.makePrivateFolders();
        ProcessRecord ours = ProcessRecord.ofThisProcess(home);
        return elsewhere.isEmpty()
                ? new ProcessRecord(1, started, ours.namespace(), ours.boot(), ours.host(), ours.home())
                : new ProcessRecord(1, started, ours.namespace(), elsewhere, elsewhere, ours.home());
    }
}
