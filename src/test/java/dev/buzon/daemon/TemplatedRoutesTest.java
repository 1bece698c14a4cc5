package dev.buzon.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.buzon.FreePort;
import dev.buzon.RoutesCopy;
import dev.buzon.TestHome;
import dev.buzon.job.FileJob;
import dev.buzon.job.InputFile;
import dev.buzon.job.Outcome;
import dev.buzon.job.Tally;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several routes that are made from one template, in one service. */
class TemplatedRoutesTest {

    /** Writes down what it was given in its route's file. */
    public static final class Mark extends FileJob {

        private static final long serialVersionUID = 1L;

        private final String mark;

        public Mark(String mark) {
            this.mark = mark;
        }

        @Override
        protected Outcome handle(InputFile file) throws IOException {
            Files.writeString(file.stagedResult(".txt"), mark);
            return Outcome.handled(new Tally(1, "file", "files"), new Tally(1, "mark", "marks"));
        }
    }

    @TempDir
    private static Path folder;

    private static TestHome home;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        port = FreePort.next();
        RoutesCopy routes = RoutesCopy.in(folder).copy("bizums", "errores");
        Files.writeString(
                routes.file("marks"), marked("red", "\"{{buzon.{{route}}.colour:red}}\"") + marked("blue", "blue"));
        home = new TestHome(folder.resolve("home"))
                .withCamelBeans()
                .set("buzon.routes", routes.folder().toString())
                .set("buzon.web.port", Integer.toString(port))
                .set("buzon.bizums.max-record-bytes", "20")
                .set("buzon.errores.escape-formulas", "true")
                .set("buzon.errores.quiet-period", "50ms")
                .set("buzon.red.quiet-period", "50ms")
                .set("buzon.red.colour", "crimson")
                .set("buzon.blue.quiet-period", "50ms")
                .start();
    }

    private static String marked(String route, String mark) {
        return """
                - templatedRoute:
                    routeTemplateRef: drop-folder
                    routeId: %s
                    parameters:
                      - name: job
                        value: "#mark"
                    beans:
                      - name: mark
                        type: %s
                        constructors:
                          0: %s
                """
                .formatted(route, Mark.class.getName(), mark);
    }

    @AfterAll
    static void stop() throws Exception {
        home.stop();
    }

    private static void awaitTable(String route, String lines) {
        Path table = home.path("outbox/" + route + "/highest-bizums.csv");
        await().ignoreException(IOException.class)
                .untilAsserted(() -> assertThat(Files.readString(table)).isEqualTo(lines));
    }

    @Test
    void aCopyOfTheBizumsRouteHasATableAndKeysOfItsOwn() throws Exception {
        home.handle("bizums", "a.csv", "Ana;10;entregado\n=Eva;9;entregado\nAna;11;longer than 20 bytes");
        home.handle("errores", "a.csv", "Ana;999;error\n=Eva;1;longer than 20 bytes");

        awaitTable("bizums", "ana;10;entregado\n=eva;9;entregado\n");
        awaitTable("errores", "ana;999;error\n'=eva;1;longer than 20 bytes\n");
        JsonNode tables;
        try (InputStream answer =
                URI.create("http://127.0.0.1:" + port + "/api/tables").toURL().openStream()) {
            tables = new ObjectMapper().readTree(answer);
        }
        assertThat(tables.findValuesAsText("route")).containsExactly("bizums", "errores");
        assertThat(tables.get(0).get("rows").get(0).toString()).isEqualTo("[\"ana\",\"10\",\"entregado\"]");
        assertThat(tables.get(1).get("rows").get(0).toString()).isEqualTo("[\"ana\",\"999\",\"error\"]");
        assertThat(tables.get(1).get("count").asInt()).isEqualTo(2);
    }

    @Test
    void beansOfOneNameBelongToTheirRoutes() throws Exception {
        home.handle("red", "a.txt", "x");
        home.handle("blue", "a.txt", "x");

        assertThat(home.onlyFile("outbox/red")).isEqualTo("crimson");
        assertThat(home.onlyFile("outbox/blue")).isEqualTo("blue");
    }

    @Test
    void jmxShowsTheirStepsByName() throws Exception {
        Set<String> names = ManagementFactory.getPlatformMBeanServer()
                .queryNames(new ObjectName("org.apache.camel:context=buzon,type=processors,*"), null)
                .stream()
                .map(name -> ObjectName.unquote(name.getKeyProperty("name")))
                .collect(Collectors.toSet());

        for (String route : new String[] {"bizums", "errores", "invoices", "red", "blue"}) {
            for (String step :
                    new String[] {"claim", "recall", "new", "stage", "compute", "commit", "publish", "archive"}) {
                assertThat(names).contains(route + "-" + step);
            }
        }
        // Camel numbers those that have no id.
        assertThat(names).noneMatch(name -> name.matches(".*\\d"));
    }
}
