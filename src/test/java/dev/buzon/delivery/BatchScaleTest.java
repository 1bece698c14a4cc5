package dev.buzon.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file of a large batch costs no more than one of a small batch. What is measured is memory that was asked for, which
 * no other process has a part in: whoever lists a folder for each file in it asks for a name of each other file.
 */
class BatchScaleTest {

    private static final int FEW = 50;
    private static final int MANY = 4 * FEW;

    @TempDir
    private Path folder;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private interface Work {
        void of(BatchHome home) throws Exception;
    }

    /** The bytes that the last of several steps asks for with so many files. */
    private long bytes(int files, String content, Work before, Work work) throws Exception {
        Path around = Files.createTempDirectory(folder, "home-");
        try (BatchHome home = new BatchHome(around).under(new TestLease(0)).start()) {
            for (int i = 0; i < files; i++) {
                home.drop(i + ".txt", content.replace("#", Integer.toString(i)));
            }
            before.of(home);
            long begin = threads.getCurrentThreadAllocatedBytes();
            work.of(home);
            return threads.getCurrentThreadAllocatedBytes() - begin;
        }
    }

    private void expectLinear(String content, Work before, Work work) throws Exception {
        // What is made once is made before.
        bytes(FEW, content, before, work);

        long few = bytes(FEW, content, before, work);
        long many = bytes(MANY, content, before, work);

        assertThat((double) many / few).isLessThan(6);
    }

    @Test
    void aFileThatIsHandled() throws Exception {
        expectLinear("line #\nbad #\n", home -> {}, BatchHome::look);
    }

    @Test
    void aFileThatCannotBeRead() throws Exception {
        expectLinear("unreadable #\n", home -> {}, BatchHome::look);
    }

    @Test
    void aDuplicate() throws Exception {
        expectLinear("line\n", home -> {}, BatchHome::look);
    }

    @Test
    void aFileThatFails() throws Exception {
        expectLinear("line #\n", home -> {}, home -> {
            for (String name : home.inbox()) {
                home.deliveries().retries.failed(home.inInbox(name));
            }
        });
    }
}
