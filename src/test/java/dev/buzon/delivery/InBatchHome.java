package dev.buzon.delivery;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Each test has a home of its own. */
abstract class InBatchHome {

    @TempDir
    Path folder;

    BatchHome home;

    @BeforeEach
    void start() throws Exception {
        home = new BatchHome(folder).start();
    }

    @AfterEach
    void close() throws Exception {
        home.close();
    }
}
