package dev.buzon.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buzon.TestHome;
import dev.buzon.home.RouteDefinitions;
import dev.buzon.home.SettingsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a routes folder that can't be used as it is. */
class RouteFilesTest {

    @TempDir
    private Path folder;

    private Path routes;

    @BeforeEach
    void makeFolder() throws IOException {
        routes = Files.createDirectory(folder.resolve("routes"));
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(routes.resolve(name + ".camel.yaml"), content);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(routes)) {
            return files.sorted().toList();
        }
    }

    private static RouteDefinitions definitions(List<Path> files) {
        return RouteDefinitions.read(files, (file, e) -> {
            throw new UncheckedIOException(e);
        });
    }

    @Test
    void aCopiedRouteWhoseNamesAreLeftStopsTheStart() throws Exception {
        for (String name : List.of("errors", "housekeeping", "bizums", "invoices")) {
            Files.copy(Path.of("routes", name + ".camel.yaml"), routes.resolve(name + ".camel.yaml"));
        }
        String original = Files.readString(Path.of("routes/bizums.camel.yaml"));
        Path copied = write("orders", original.replace("{{buzon.bizums", "{{buzon.orders"));
        TestHome home = new TestHome(folder.resolve("home"))
                .set("buzon.routes", routes.toString())
                .set("buzon.orders.max-record-bytes", "1000");

        try {
            assertThatThrownBy(home::start)
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("The bean highestBizums is there twice, in "
                            + routes.resolve("bizums.camel.yaml") + ", line 5 and in " + copied + ", line 5")
                    .hasMessageContaining("The route bizums is there twice")
                    .hasMessageContaining("The route highest-bizums is there twice")
                    .hasMessageNotContaining("inbox");
        } finally {
            home.stop();
        }
    }

    @Test
    void whateverIsSharedIsDefinedOnce() throws Exception {
        write(
                "a",
                """
                - routeConfiguration: {id: errors}
                - routeTemplate: {id: drop-folder, from: {uri: "direct:a"}}
                - templatedRoute: {routeId: a, routeTemplateRef: drop-folder}
                - route: {id: b, from: {uri: file, parameters: {directoryName: "{{buzon.b.inbox}}"}}}
                """);
        write(
                "b",
                """
                - route-configuration: {id: errors}
                - route-template: {id: drop-folder, from: {uri: "direct:a"}}
                - route: {id: a, from: {uri: "direct:a"}}
                - route: {id: c, from: {uri: "file:{{buzon.b.inbox}}?noop=true"}}
                - route: {from: {uri: "direct:b"}}
                - route: {from: {uri: "direct:c"}}
                """);
        write("broken", "- route: {id: b\n");

        assertThatThrownBy(() -> RouteFiles.of(definitions(files())))
                .isInstanceOf(SettingsException.class)
                .extracting(failure -> failure.getMessage().lines().map(line -> line.replaceFirst(",.*", "")))
                .satisfies(lines -> assertThat(lines)
                        .containsExactly(
                                "The route configuration errors is there twice",
                                "The route template drop-folder is there twice",
                                "The route a is there twice",
                                "The inbox {{buzon.b.inbox}} of a route is there twice"));
    }

    @Test
    void theRoutesThatComeWithTheProgramAreFine() throws Exception {
        try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
            RouteFiles.of(definitions(shipped.toList()));
        }
    }

    private AbstractThrowableAssert<?, ?> loading(String... beans) throws Exception {
        Path file = write("orders", "- beans:\n" + String.join("\n", beans).indent(4));
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("ledger", new ArrayList<>());
            context.build();
            return assertThatThrownBy(
                            () -> RouteFiles.of(definitions(List.of(file))).load(context, null))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining(file.toString());
        }
    }

    @Test
    void aConstructorThatIsLeftInACopiedRouteIsNamedWithItsBeanAndItsClass() throws Exception {
        String counts = "- name: countLines\n  type: dev.buzon.spark.WholeFiles\n";
        String maxima = "- name: maxima\n  type: dev.buzon.bizum.HighestBizums\n";

        loading("- name: fine\n  type: java.util.ArrayList", counts + "  constructors:\n    0: \"1048576\"")
                .hasMessageContaining("The bean countLines can't be made, ")
                .hasMessageContaining(", line 4: ")
                .hasMessageContaining(
                        "dev.buzon.spark.WholeFiles has no public constructor for what it is given, which is"
                                + " {0=1048576}. It has: WholeFiles().");
        loading(maxima + "  constructors:\n    0: many")
                .hasMessageContaining("HighestBizums has no public constructor for what it is given, which is {0=many}")
                .hasMessageContaining("It has: HighestBizums(int, boolean)");
        loading(maxima).hasMessageContaining("nothing is what it is given. It has: HighestBizums(int, boolean)");
        loading(counts + "  properties:\n    colour: red")
                .hasMessageContaining("dev.buzon.spark.WholeFiles has no property colour.");
        loading("- name: url\n  type: java.net.URL\n  constructors:\n    0: nonsense")
                .hasMessageContaining("The bean url can't be made, ")
                .hasMessageContaining("java.net.MalformedURLException: no protocol: nonsense");
        loading("- name: gone\n  type: dev.buzon.Gone").hasMessageContaining("there is no class dev.buzon.Gone");
        loading("- name: lost\n  type: java.util.Date\n  constructors:\n    0: '#bean:nothing'")
                .hasMessageContaining("The bean lost can't be made, ")
                .hasMessageContaining("nothing");
    }

    @Test
    void aBeanDoesNotTakeThePlaceOfOneOfBuzonsOwn() throws Exception {
        loading("- name: ledger\n  type: java.util.ArrayList")
                .hasMessageContaining("The bean ledger, ")
                .hasMessageContaining("has the name of one of Buzón's own.");
    }
}
