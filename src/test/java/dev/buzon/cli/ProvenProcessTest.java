package dev.buzon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.buzon.home.Home;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Whatever a lock file names, {@code stop} and {@code status} leave alone what isn't this home's daemon. */
class ProvenProcessTest {

    @TempDir
    private Path folder;

    private Home home;
    private Process bystander;
    private FileChannel held;

    @BeforeEach
    void holdHome() throws IOException {
        home = new Home(folder.resolve("office"));
        home.makePrivateFolders();
        bystander = new ProcessBuilder("sleep", "600").start();
        held = FileChannel.open(home.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        assertThat(held.tryLock()).isNotNull();
    }

    @AfterEach
    void letGo() throws IOException {
        held.close();
        bystander.destroyForcibly();
    }

    private void expectNothingDone(String lock, String... said) throws IOException {
        for (CommandLine command : List.of(new CommandLine(new StopCommand()), new CommandLine(new StatusCommand()))) {
            // Each closes a channel on the file, with which this process loses its lock.
            held.close();
            held = FileChannel.open(home.lock(), StandardOpenOption.WRITE);
            assertThat(held.tryLock()).isNotNull();
            held.truncate(0).write(ByteBuffer.wrap(lock.getBytes(StandardCharsets.UTF_8)));
            StringWriter output = new StringWriter();
            command.setErr(new PrintWriter(output, true)).setOut(new PrintWriter(output, true));

            int exitCode = command.execute("--home", home.folder().toString());

            assertThat(exitCode).as(output.toString()).isEqualTo(1);
            assertThat(output.toString()).contains(said).doesNotContain("Exception");
            assertThat(bystander.isAlive()).isTrue();
        }
    }

    private String record(long pid, String started, String namespace, String boot, String host) throws IOException {
        return "pid=" + pid + "\nstarted=" + started + "\nnamespace=" + namespace + "\nboot=" + boot + "\nhost=" + host
                + "\nhome=" + Files.getAttribute(home.privateFolder(), "fileKey") + "\n";
    }

    private static String started(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
    }

    @Test
    void aLockFileThatNamesNoDaemonGetsNoProcessASignal() throws Exception {
        expectNothingDone(Long.toString(bystander.pid()), "its lock file does not name", "fuser " + home.lock());
        expectNothingDone("one\ntwo", "its lock file does not name");
        expectNothingDone("", "its lock file does not name");
        expectNothingDone("pid=99999999999999999999\nstarted=1\nnamespace=\nboot=\nhost=\nhome=\n", "does not name");
    }

    @Test
    void aProcessThatIsNotTheRecordedOneGetsNoSignal() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/locks")), "skipped, the system shows no locks");
        String namespace = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        String boot =
                Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        String host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        long pid = bystander.pid();

        expectNothingDone(record(pid, "1", namespace, boot, host), "not the " + pid + " which its lock file names");
        expectNothingDone(record(pid, started(pid), namespace, boot, host), "not the " + pid);
        expectNothingDone(
                record(pid, started(pid), "pid:[1]", boot, host),
                "the process " + pid + " on " + host + ", which is another machine or container: ask there");
        expectNothingDone(
                record(pid, started(pid), namespace, "another", "elsewhere"),
                "the process " + pid + " on elsewhere, which is another machine or container: ask there");
    }
}
