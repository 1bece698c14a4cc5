package dev.buzon.bizum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.buzon.TestHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BizumsRouteTest {

    private static final Path REAL_DATA = Path.of("../shared/data/bizums");

    @TempDir
    private Path folder;

    private TestHome home;

    @BeforeEach
    void start() throws Exception {
        home = new TestHome(folder).start();
    }

    @AfterEach
    void stop() throws Exception {
        home.stop();
    }

    private void awaitTable(String... lines) {
        await().untilAsserted(() -> assertThat(home.highestBizums().lines()).containsExactly(lines));
    }

    @Test
    void theTenRealFilesGiveTheirElevenPeople() throws Exception {
        assumeTrue(Files.isDirectory(REAL_DATA), "no real data beside the project");
        try (Stream<Path> files = Files.list(REAL_DATA)) {
            for (Path file : files.toList()) {
                home.drop("bizums", file.getFileName().toString(), Files.readAllBytes(file));
            }
        }

        awaitTable(
                "maria;3000;Coche",
                "ramon;94;Compra juego",
                "pepe;90;Comida",
                "ruben;56;Cena",
                "isabel;45;Pantalones",
                "ana;34;Patatas",
                "rosa;34;Almuerzo de ayer",
                "juan;30;Concierto",
                "jorge;20;Cena de ayer",
                "pedro;12;Concierto",
                "jose;8;Cerveza");
        assertThat(home.archived("bizums")).hasSize(10);
        assertThat(home.files("archive/rejected/bizums")).isEmpty();
    }

    @Test
    void peopleAreTheSameWhateverTheCaseTheSpacesAndTheFormOfTheirAccents() throws Exception {
        String decomposed = "  BEGON\u0303A   del\u00a0Mar ";

        home.handle("bizums", "a.csv", decomposed + ";5;uno\nbego\u00f1a del mar;7,5;dos");

        awaitTable("bego\u00f1a del mar;7.50;dos");
    }

    @Test
    void onATieTheLesserConceptStaysWhateverTheOrderOfFiles() throws Exception {
        home.handle("bizums", "a.csv", "Ana;25;zumo");
        home.handle("bizums", "b.csv", "ANA;25,00;agua");
        home.handle("bizums", "c.csv", "ana;25.0;pan");

        awaitTable("ana;25;agua");
    }

    @Test
    void aRestartRemembersAndANewBizumChangesOnlyItsPerson() throws Exception {
        home.handle("bizums", "a.csv", "Ana;25;agua\nJuan;3;pan");
        awaitTable("ana;25;agua", "juan;3;pan");

        home.restart();
        home.handle("bizums", "b.csv", "JUAN;30;Cena\nana;1;x");

        awaitTable("juan;30;Cena", "ana;25;agua");
    }

    @Test
    void headerMarkQuotesAndLineEndsAreRead() throws Exception {
        home.handle(
                "bizums",
                "a.csv",
                "\uFEFFNombre;Cantidad;Concepto\r\n\"Ana\";\"25\";\"uno; \"\"dos\"\"\"\r\n\r\nJuan;3;");

        awaitTable("ana;25;\"uno; \"\"dos\"\"\"", "juan;3;");
    }

    @Test
    void badRecordsAreSetAsideWithLineAndReason() throws Exception {
        home.handle("bizums", "a.csv", "Ana;25;agua\nJuan;1.234;x\n;3;x\nPepe;3\n\"Rosa;3;x\nLuis;-1;x");

        awaitTable("ana;25;agua");
        List<String> rejected = home.onlyFile("archive/rejected/bizums").lines().toList();
        assertThat(rejected).hasSize(5);
        assertThat(rejected.get(0)).contains("\"line\":2,").contains("could be thousands or decimals");
        assertThat(rejected.get(1)).contains("\"line\":3,").contains("Nombre: missing");
        assertThat(rejected.get(2)).contains("\"line\":4,").contains("expected 3 columns, found 2");
        assertThat(rejected.get(3)).contains("\"line\":5,").contains("a quote stays open");
        assertThat(rejected.get(4)).contains("\"line\":6,").contains("is not positive");
    }

    @Test
    void aFileWithoutOneGoodBizumIsRejectedWhole() throws Exception {
        home.handle("bizums", "a.csv", "hello\n");

        assertThat(home.files("archive/rejected/bizums")).hasSize(2).anyMatch(name -> name.endsWith(".error.json"));
        assertThat(home.files("outbox/bizums")).isEmpty();
    }
}
