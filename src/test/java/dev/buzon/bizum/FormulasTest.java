package dev.buzon.bizum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.TestHome;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a spreadsheet would make of the table. */
class FormulasTest {

    private static final String BIZUMS =
            "=cmd|x;7;@SUM(A1)\n+34 600;6;-1+1\n\"@a;\"\"b\"\"\";5;\"=HYPERLINK(\"\"x\"\";1)\"\n-ana;4;a=b\nana;3;\n";

    @TempDir
    private Path folder;

    private TestHome home;

    @AfterEach
    void stop() throws Exception {
        home.stop();
    }

    private void awaitTable(String... lines) {
        await().untilAsserted(() -> assertThat(home.highestBizums().lines()).containsExactly(lines));
    }

    @Test
    void cellsStayAsTheyAreUnlessThatIsAskedFor() throws Exception {
        home = new TestHome(folder).start();

        home.handle("bizums", "a.csv", BIZUMS);

        awaitTable(
                "=cmd|x;7;@SUM(A1)",
                "+34 600;6;-1+1",
                "\"@a;\"\"b\"\"\";5;\"=HYPERLINK(\"\"x\"\";1)\"",
                "-ana;4;a=b",
                "ana;3;");
    }

    @Test
    void cellsThatBeginLikeAFormulaGetAnApostrophe() throws Exception {
        home = new TestHome(folder).set("buzon.bizums.escape-formulas", "true").start();

        home.handle("bizums", "a.csv", BIZUMS);

        awaitTable(
                "'=cmd|x;7;'@SUM(A1)",
                "'+34 600;6;'-1+1",
                "\"'@a;\"\"b\"\"\";5;\"'=HYPERLINK(\"\"x\"\";1)\"",
                "'-ana;4;a=b",
                "ana;3;");
    }
}
