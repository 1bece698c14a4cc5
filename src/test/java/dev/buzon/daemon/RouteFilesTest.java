package dev.buzon.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buzon.RoutesCopy;
import dev.buzon.TestHome;
import dev.buzon.home.RouteDefinitions;
import dev.buzon.home.SettingsException;
import dev.buzon.job.FileJob;
import dev.buzon.job.InputFile;
import dev.buzon.job.Outcome;
import dev.buzon.job.Tally;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a routes folder that can't be used as it is. */
class RouteFilesTest {

    /** Needs nothing. */
    public static final class Bare extends FileJob {

        private static final long serialVersionUID = 1L;

        @Override
        protected Outcome handle(InputFile file) {
            return Outcome.handled(new Tally(1, "file", "files"), new Tally(0, "count", "counts"));
        }
    }

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

    /** @param names all if there are none */
    private List<Path> files(String... names) throws IOException {
        try (Stream<Path> files = Files.list(routes)) {
            return files.filter(file -> names.length == 0
                            || List.of(names)
                                    .contains(file.getFileName().toString().replace(".camel.yaml", "")))
                    .sorted()
                    .toList();
        }
    }

    private static RouteDefinitions definitions(List<Path> files) {
        return RouteDefinitions.read(files, (file, e) -> {
            throw new UncheckedIOException(e);
        });
    }

    /** A newcomer's. */
    private static final String ORDERS =
            """
            # Counts orders.
            - templatedRoute:
                routeTemplateRef: drop-folder
                routeId: orders
                parameters:
                  - name: job
                    value: "#countOrders"
                beans:
                  - name: countOrders
                    type: dev.buzon.invoice.LineItems
                    constructors:
                      0: "5"
            """;

    /** The start with a route that is {@link #ORDERS} but for a text. */
    private AbstractThrowableAssert<?, ?> startWith(String text, String by) throws Exception {
        assertThat(ORDERS).contains(text);
        Path copy = Files.createTempDirectory(folder, "copy");
        RoutesCopy routes = RoutesCopy.in(copy);
        Files.writeString(routes.file("orders"), ORDERS.replace(text, by));
        TestHome home = new TestHome(copy.resolve("home"))
                .set("buzon.routes", routes.folder().toString())
                .set("buzon.orders.quiet-period", "1s");
        try {
            return assertThatThrownBy(home::start)
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining(routes.file("orders") + ", line ")
                    .hasMessageNotContaining(routes.file("drop-folder").toString())
                    .hasMessageNotContaining("\tat ")
                    .extracting(failure ->
                            new SettingsException(List.of(failure.getMessage().replace(routes.folder() + "/", ""))))
                    .asInstanceOf(InstanceOfAssertFactories.THROWABLE);
        } finally {
            home.stop();
        }
    }

    @Test
    void aCopiedRouteThatKeepsItsIdIsRefusedWithBothPlaces() throws Exception {
        startWith("routeId: orders", "routeId: bizums")
                .hasMessageContaining("The route bizums is defined twice, in bizums.camel.yaml, line 4 and in"
                        + " orders.camel.yaml, line 4: one would take the place of the other.");
    }

    @Test
    void aRouteWithoutAnIdThatNamesItsFoldersIsRefused() throws Exception {
        String needed = "The route of the template drop-folder, orders.camel.yaml, line %d, needs a routeId of letters";

        startWith("    routeId: orders\n", "").hasMessageContaining(needed.formatted(3));
        startWith("routeId: orders", "routeId: my orders").hasMessageContaining(needed.formatted(4));
        startWith("routeId: orders", "routeId: ../orders").hasMessageContaining(needed.formatted(4));
    }

    @Test
    void aTemplateThatIsNotThereIsNamedWithTheNearest() throws Exception {
        startWith("drop-folder", "drop-foldr")
                .hasMessage(
                        "The route orders, orders.camel.yaml, line 4, is made from the template drop-foldr, which no"
                                + " file defines: did you mean drop-folder?");
        startWith("    routeTemplateRef: drop-folder\n", "").hasMessageContaining("it needs a routeTemplateRef.");
    }

    @Test
    void parametersAreThoseOfTheTemplate() throws Exception {
        startWith("name: job", "name: dataset")
                .hasMessageContaining("The route orders gives the parameter dataset, orders.camel.yaml, line 6, which"
                        + " the template drop-folder does not have: did you mean dataSet?")
                .hasMessageContaining("The route orders, orders.camel.yaml, line 4, lacks the parameter job of the"
                        + " template drop-folder");
        startWith("parameters:", "paramaters:").hasMessageContaining("lacks the parameter job");
        startWith("- name: job\n        value:", "- job:").hasMessageContaining("it needs a \"- name: job\" with a");
    }

    @Test
    void aJobThatIsNoneIsNamedWithItsParameter() throws Exception {
        String wrong = "The parameter job of the route orders, orders.camel.yaml, line 6, has to be a bean that is a"
                + " dev.buzon.spark.RddCallback: ";
        String bean = "dev.buzon.invoice.LineItems\n        constructors:\n          0: \"5\"";

        startWith("#countOrders", "#countOrder").hasMessage(wrong + "there is no bean #countOrder.");
        startWith("#countOrders", "countOrders")
                .hasMessageContaining(wrong + "countOrders is none: the name of a bean");
        startWith("#countOrders", "#splits").hasMessage(wrong + "dev.buzon.spark.FileSplits is none.");
        startWith(bean, "java.util.ArrayList").hasMessage(wrong + "java.util.ArrayList is none.");
        startWith("parameters:", "parameters:\n      - name: dataSet\n        value: \"#countOrders\"")
                .hasMessageContaining("The parameter dataSet of the route orders, orders.camel.yaml, line 6, has to be")
                .hasMessageContaining("dev.buzon.invoice.LineItems is none.");
    }

    @Test
    void aBeanOfARouteThatCannotBeMadeIsNamedWithItsClass() throws Exception {
        String failed = "The bean countOrders can't be made, orders.camel.yaml, line 9: ";

        startWith("LineItems", "Gone").hasMessage(failed + "there is no class dev.buzon.invoice.Gone.");
        startWith("\"5\"", "many")
                .hasMessage(failed + "dev.buzon.invoice.LineItems has no public constructor for what it is given, which"
                        + " is {0=many}. It has: LineItems(int).");
        startWith("\"5\"", "\"{{buzon.{{route}}.least}}\"")
                .hasMessageContaining(failed + "the key buzon.orders.least has no value.");
        startWith("#countOrders", "#class:dev.buzon.Gone")
                .hasMessageContaining("orders.camel.yaml, line 6: there is no class dev.buzon.Gone.");
        startWith("name: countOrders", "nam: countOrders").hasMessageContaining("Unsupported field: nam");
    }

    @Test
    void aFileJobIsNotHandedPartsOfFiles() throws Exception {
        startWith(
                        "parameters:\n      - name: job\n        value: \"#countOrders\"",
                        "parameters:\n      - name: job\n        value: \"#class:"
                                + Bare.class.getName()
                                + "\"\n      - name: dataSet\n        value: \"#splits\"")
                .hasMessageContaining("orders.camel.yaml, line 8")
                .hasMessageContaining("a FileJob takes whole files");
    }

    @Test
    void aFileThatIsNoYamlIsNamedBeforeTheKeysThatItWouldHaveMadeKnown() throws Exception {
        startWith("    parameters", "   parameters")
                .hasMessageStartingWith("The routes of orders.camel.yaml, line 5, are no YAML: ")
                .hasMessageContaining("Unknown key buzon.orders.quiet-period");
    }

    /** As the README told it before there were templates. */
    @Test
    void aRouteOfTheFormerFormIsRefusedInOneLineThatSaysWhereToReadOn() throws Exception {
        write(
                "orders",
                """
                - beans:
                    - name: seen
                      type: dev.buzon.intake.OldestFirst
                - route:
                    id: orders
                    from:
                      uri: file
                      parameters:
                        directoryName: "{{buzon.orders.inbox}}"
                        pollStrategy: "#oldestFirst"
                      steps:
                        - bean: {ref: delivery, method: key}
                        - idempotentConsumer:
                            idempotentRepository: ledger
                            steps:
                              - bean: {ref: delivery, method: stage}
                """);
        write("table", "- beans:\n    - name: table\n      type: a.B\n      constructors:\n        0: '#bean:books'\n");
        write(
                "own",
                "- beans:\n    - {name: books, type: a.B}\n    - {name: c, type: a.C, constructors: {0: '#books'}}\n");

        assertThatThrownBy(() -> RouteFiles.of(definitions(files("orders", "table"))))
                .isInstanceOf(SettingsException.class)
                .extracting(failure -> failure.getMessage().lines().toList())
                .asInstanceOf(InstanceOfAssertFactories.list(String.class))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith(routes.resolve("orders.camel.yaml") + ", line 10, ")
                                .contains("there is no bean oldestFirst any more")
                                .contains("see \"Add a route and a job of your own\" in the README."),
                        line -> assertThat(line)
                                .startsWith(routes.resolve("table.camel.yaml") + ", line 5, ")
                                .contains("there is no bean books any more"));
        RouteFiles.of(definitions(files("own")));
    }

    @Test
    void aStepThatIsNoMoreIsOfTheFormerForm() throws Exception {
        for (String method : List.of("key", "reject", "explain", "catchUp")) {
            write("orders", "- route:\n    id: a\n    steps:\n      - bean: {ref: delivery, method: " + method + "}\n");
            assertThatThrownBy(() -> RouteFiles.of(definitions(files())))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("line 4, is of a form that routes had before: there is no step delivery."
                            + method + " any more.");
        }
    }

    @Test
    void theHeadingThatMessagesNameIsThere() throws Exception {
        assertThat(Files.readString(Path.of("README.md"))).contains("\n## Add a route and a job of your own\n");
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
        write("beans", "- beans:\n    - {name: a, type: java.util.Date}\n    - {name: a, type: java.util.Date}\n");
        write("broken", "- route: {id: b\n");

        assertThatThrownBy(() -> RouteFiles.of(definitions(files())))
                .isInstanceOf(SettingsException.class)
                .extracting(failure -> failure.getMessage().lines().map(line -> line.replaceFirst(",.*", "")))
                .satisfies(lines -> assertThat(lines)
                        .containsExactly(
                                "The route configuration errors is defined twice",
                                "The route template drop-folder is defined twice",
                                "The route a is defined twice",
                                "The inbox {{buzon.b.inbox}} of a route is defined twice",
                                "The bean a is defined twice",
                                "The routes of " + routes.resolve("broken.camel.yaml")));
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
