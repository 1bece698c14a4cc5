package dev.buzon.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.buzon.FreePort;
import dev.buzon.Listener;
import dev.buzon.Program;
import dev.buzon.TestHome;
import dev.buzon.cli.InProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import javax.management.remote.JMXConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * JMX as JConsole sees it, beside the log, the ledger, the page and the status: one daemon, the same files. Where it can be
 * seen who listens, the daemon opens what it can be told to, as well: Spark's UI, and JMX for other machines.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MonitorIT {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    private Path folder;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private int port;
    private int uiPort;
    private RemoteJmx remote;
    private String homeFolder;
    private TestHome home;
    private Program program;
    private Program.Daemon daemon;
    private JMXConnector connector;
    private MBeanServerConnection server;
    private ObjectName invoices;

    @BeforeAll
    void dropFiles(@TempDir Path temporary) throws Exception {
        folder = temporary;
        port = FreePort.next();
        homeFolder = folder.resolve("home").toString();
        home = new TestHome(Path.of(homeFolder));
        program = new Program(folder, Path.of(homeFolder));
        List<String> settings = new ArrayList<>(List.of(
                "-Dbuzon.web.port=" + port, "-Dbuzon.invoices.quiet-period=10ms", "-Dbuzon.bizums.quiet-period=10ms"));
        if (Listener.canBeSeen()) {
            settings.addAll(openEverything());
        }
        daemon = program.daemon(settings.toArray(String[]::new));
        connector = Program.attach(daemon.process().pid());
        server = connector.getMBeanServerConnection();
        invoices = new ObjectName("dev.buzon:type=Route,name=invoices");
        server.addNotificationListener(
                invoices,
                (notification, same) -> told.add(notification.getType() + ": " + notification.getMessage()),
                null,
                null);
        String good = "{\"InvoiceNumber\":\"1\",\"InvoiceLineItems\":[{\"ItemCode\":\"x\"},{\"ItemCode\":\"y\"}]}\n";
        home.handle("invoices", "mixed.json", good + "broken\n" + good.replace("\"1\"", "\"2\"") + "[]\n");
        home.handle("invoices", "again.json", good + "broken\n" + good.replace("\"1\"", "\"2\"") + "[]\n");
        home.handle("invoices", "nothing.json", "nothing");
        home.handle("invoices", "good.json", good);
        home.handle("bizums", "b.csv", "Ana;3;x\nAna;0;y\nLuis;7;z\n");
        await().atMost(PATIENCE)
                .until(() -> status().at("/routes/1/sinceStart/handled").asLong() == 2
                        && status().at("/routes/0/sinceStart/handled").asLong() == 1);
    }

    private List<String> openEverything() throws Exception {
        uiPort = FreePort.next();
        remote = new RemoteJmx(Path.of(homeFolder));
        List<String> settings = new ArrayList<>(List.of("-Dspark.ui.enabled=true", "-Dspark.ui.port=" + uiPort));
        remote.settings().forEach((key, value) -> settings.add("-D" + key + "=" + value));
        return settings;
    }

    @AfterAll
    void kill() throws Exception {
        connector.close();
        program.killAll();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return get(port, path);
    }

    private HttpResponse<String> get(int ofPort, String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ofPort + path))
                        .timeout(PATIENCE)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode json(String path) throws Exception {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private JsonNode status() throws Exception {
        return json("/api/status");
    }

    private CompositeData composite(String attribute) throws Exception {
        return (CompositeData) server.getAttribute(invoices, attribute);
    }

    private static Map<String, Long> rows(TabularData table, String key, String value) {
        return table.values().stream()
                .map(CompositeData.class::cast)
                .collect(Collectors.toMap(row -> (String) row.get(key), row -> (Long) row.get(value)));
    }

    @Test
    @Order(1)
    void jmxLogLedgerPageStatusAndMetricsTellTheSameCounts() throws Exception {
        CompositeData last = composite("LastProgress");
        assertThat(last.get("file")).isEqualTo("good.json");
        assertThat(last.get("outcome")).isEqualTo("HANDLED");
        assertThat(last.get("inputRecords")).isEqualTo(1L);
        assertThat(last.get("results")).isEqualTo(2L);
        assertThat((Double) last.get("processedRecordsPerSecond")).isPositive();
        CompositeData steps = (CompositeData) last.get("steps");
        assertThat(steps.values()).allSatisfy(step -> assertThat((Double) step).isPositive());
        assertThat(steps.values().stream().mapToDouble(Double.class::cast).sum())
                .isCloseTo((Double) last.get("millis"), org.assertj.core.data.Offset.offset(0.01));

        CompositeData sinceStart = composite("SinceStart");
        List<Long> expected = List.of(2L, 1L, 1L, 3L, 6L, 2L);
        assertThat(sinceStart.getAll(
                        new String[] {"handled", "duplicates", "rejectedFiles", "records", "results", "rejectedRecords"
                        }))
                .containsExactlyElementsOf(expected);
        assertThat(composite("AllTime").getAll(new String[] {
                    "handled", "duplicates", "rejectedFiles", "records", "results", "rejectedRecords"
                }))
                .containsExactlyElementsOf(expected);

        JsonNode page = status().at("/routes/1");
        for (String totals : List.of("sinceStart", "allTime")) {
            JsonNode shown = page.get(totals);
            assertThat(List.of(
                            shown.get("handled").asLong(),
                            shown.get("duplicates").asLong(),
                            shown.get("rejectedFiles").asLong(),
                            shown.get("records").asLong(),
                            shown.get("results").asLong(),
                            shown.get("rejectedRecords").asLong()))
                    .isEqualTo(expected);
        }
        assertThat(page.at("/last/key").asText()).isEqualTo(last.get("key"));
        assertThat(page.at("/last/batch").asLong()).isEqualTo(3).isEqualTo(last.get("batch"));

        Program.Ended history = InProcess.run("history", "good.json", "--json", "--home", homeFolder);
        JsonNode ledger = JSON.readTree(history.output()).get(0);
        assertThat(ledger.get("key").asText()).isEqualTo(last.get("key"));
        assertThat(ledger.get("batch").asLong()).isEqualTo(3);
        assertThat(ledger.get("records").asLong()).isEqualTo(1);
        assertThat(ledger.get("results").asLong()).isEqualTo(2);
        assertThat(daemon.logged())
                .contains("invoices: good.json: 1 invoice → 2 line items in ")
                .contains("invoices: mixed.json: 2 invoices → 4 line items in ")
                .contains("invoices: mixed.json: 2 bad records → ");

        Program.Ended status = InProcess.run("status", "--json", "--home", homeFolder);
        assertThat(JSON.readTree(status.output()).at("/routes/1/sinceStart")).isEqualTo(page.get("sinceStart"));

        assertThat(get("/metrics").body())
                .contains("buzon_files_total{outcome=\"handled\",route=\"invoices\"} 2.0")
                .contains("buzon_files_total{outcome=\"duplicate\",route=\"invoices\"} 1.0")
                .contains("buzon_files_total{outcome=\"rejected\",route=\"invoices\"} 1.0")
                .contains("buzon_records_total{quality=\"bad\",route=\"invoices\"} 2.0")
                .contains("buzon_results_total{route=\"invoices\"} 6.0")
                .contains("camel_exchanges_succeeded_total{camelContext=\"buzon\",eventType=\"route\","
                        + "kind=\"CamelRoute\",routeId=\"invoices\"} 4.0")
                .contains("jvm_memory_used_bytes");
    }

    @Test
    @Order(1)
    void thePackageHasThePage() throws Exception {
        assertThat(get("/").body()).contains("app.js", "uplot.js");
        for (String part : List.of("/app.js", "/uplot.js", "/uplot.css", "/style.css")) {
            assertThat(get(part).statusCode()).as(part).isEqualTo(200);
        }
        assertThat(status().get("version").asText()).isNotEmpty().isNotEqualTo("null");
    }

    @Test
    @Order(1)
    void whatWasRejectedIsToldByReasonAndAsItHappens() throws Exception {
        Map<String, Long> reasons =
                rows((TabularData) server.getAttribute(invoices, "RejectedByReason"), "reason", "count");
        assertThat(reasons).hasSize(3).containsEntry("expected an object, found an array", 1L);
        await().atMost(PATIENCE).until(() -> told.size() == 2);
        assertThat(told.get(0)).startsWith("dev.buzon.records.rejected: mixed.json: bad records: 2 → archive/rejected");
        assertThat(told.get(1)).startsWith("dev.buzon.file.rejected: nothing.json: no invoice can be read");

        JsonNode rejected = json("/api/rejected?limit=9");
        assertThat(rejected.findValuesAsText("source")).containsExactly("b.csv", "nothing.json", "mixed.json");
        assertThat(rejected.get(1).get("error").asText()).startsWith("no invoice can be read; the first, line 1: ");
        assertThat(rejected.get(2).at("/extracts/0/line").asLong()).isEqualTo(2);
        assertThat(rejected.get(2).at("/extracts/0/record").asText()).isEqualTo("broken");
        assertThat(rejected.get(2).at("/extracts/1/reason").asText()).startsWith("expected an object");
    }

    @Test
    @Order(1)
    void recentProgressIsATableAndTheLedgerIsCountedByState() throws Exception {
        List<Object> files = new ArrayList<>();
        for (CompositeData file : (CompositeData[]) server.getAttribute(invoices, "RecentProgress")) {
            files.add(file.get("file") + " " + file.get("outcome"));
        }
        assertThat(files)
                .containsExactly(
                        "good.json HANDLED", "nothing.json REJECTED", "again.json DUPLICATE", "mixed.json HANDLED");
        ObjectName ledger = new ObjectName("dev.buzon:type=Ledger");
        assertThat(rows((TabularData) server.getAttribute(ledger, "Rows"), "state", "rows"))
                .containsExactlyInAnyOrderEntriesOf(Map.of("ARCHIVED", 3L, "DUPLICATE", 1L, "REJECTED", 1L));
        assertThat((Long) server.getAttribute(ledger, "Bytes")).isPositive();
        assertThat(json("/api/tables").at("/0/rows").toString())
                .isEqualTo("[[\"luis\",\"7\",\"z\"],[\"ana\",\"3\",\"x\"]]");
        assertThat(json("/api/life?name=mix").at("/files/0/steps/compute").asDouble())
                .isPositive();
        JsonNode plots = json("/api/plots?route=invoices&window=24h");
        assertThat(plots.get("times")).hasSize(720);
        int handled = 0;
        for (JsonNode bucket : plots.get("files")) {
            handled += bucket.asInt();
        }
        assertThat(handled).isEqualTo(4);
    }

    @Test
    @Order(2)
    void aPausedRouteTakesNoFileAndIsAReasonForDown() throws Exception {
        server.invoke(invoices, "pause", null, null);
        String content = "{\"InvoiceNumber\":\"9\",\"InvoiceLineItems\":[{\"ItemCode\":\"x\"}]}\n";
        home.drop("invoices", "waits.json", content);

        HttpResponse<String> down = get("/health");
        assertThat(down.statusCode()).isEqualTo(503);
        assertThat(JSON.readTree(down.body()).at("/reasons/0").asText()).isEqualTo("The route invoices is suspended.");
        await().atMost(PATIENCE)
                .until(() -> server.getAttribute(invoices, "BacklogFiles").equals(1L));
        assertThat(server.getAttribute(invoices, "BacklogBytes")).isEqualTo((long) content.length());
        JsonNode life = json("/api/life?name=waits.json");
        assertThat(life.at("/waiting/0/bytes").asLong()).isEqualTo(content.length());
        assertThat(life.get("files")).isEmpty();
        assertThat(json("/api/life?name=..%2F..%2F.buzon%2Fledger.db").get("waiting"))
                .isEmpty();
        assertThat(InProcess.run("status", "--home", homeFolder).output())
                .contains("Buzón is DOWN", "The route invoices is suspended.", "suspended");

        server.invoke(invoices, "resume", null, null);
        home.awaitEmpty("invoices");
        await().atMost(PATIENCE).until(() -> get("/health").statusCode() == 200);
    }

    @Test
    @Order(3)
    void explainsAndReplays() throws Exception {
        assertThat((String) server.invoke(invoices, "explain", null, null))
                .contains("dev.buzon.invoice.LineItems", "ElementRdd");

        String[] signature = {String.class.getName()};
        server.invoke(invoices, "replay", new Object[] {"good.json"}, signature);
        await().atMost(PATIENCE).until(() -> home.files("outbox/invoices").size() == 4);

        assertThatThrownBy(() -> server.invoke(invoices, "replay", new Object[] {"b.csv"}, signature))
                .hasStackTraceContaining("The ledger knows no file b.csv.");
    }

    @Test
    @Order(4)
    void otherMachinesAndThisOneBothReachJmx() throws Exception {
        assumeListenersAreSeen();
        long pid = daemon.process().pid();
        assertThat(remote.client("viewer:may-read")).contains("viewer:may-read: connected");
        try (JmxStatus status = new JmxStatus(pid)) {
            assertThat(status.read().health().state()).isEqualTo("UP");
        }
        assertThat(remote.client("viewer:may-read")).contains("viewer:may-read: connected");

        assertThat(Listener.of(pid))
                .allMatch(Listener::isOnLoopback)
                .filteredOn(listener -> !listener.address().endsWith("0100007F"))
                .singleElement()
                .extracting(Listener::port)
                .isEqualTo(remote.port());
    }

    private static void assumeListenersAreSeen() {
        assumeTrue(Listener.canBeSeen(), "skipped: there is no /proc here");
    }

    @Test
    @Order(4)
    void sparksPagesShowItsJobsOnLoopbackAlone() throws Exception {
        assumeListenersAreSeen();
        assertThat(daemon.logged()).contains("Spark's UI is at http://127.0.0.1:" + uiPort);
        assertThat(Listener.of(daemon.process().pid()))
                .allMatch(Listener::isOnLoopback)
                .anyMatch(listener -> listener.port() == uiPort);
        home.awaitEmpty("invoices");
        String jobs = sparksPage("/jobs/");
        int jobsBefore = 1;
        while (jobs.contains(pageOfJob(jobsBefore))) {
            jobsBefore++;
        }
        assertThat(jobs).contains("Spark Jobs").contains(pageOfJob(jobsBefore - 1));

        home.handle("bizums", "shown.csv", "Ana;1;x\n");

        String pageOfNext = pageOfJob(jobsBefore);
        await().atMost(PATIENCE).until(() -> sparksPage("/jobs/").contains(pageOfNext));
    }

    private static String pageOfJob(int id) {
        return "/jobs/job/?id=" + id + "\"";
    }

    private String sparksPage(String path) throws Exception {
        HttpResponse<String> response = get(uiPort, path);
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    @Test
    @Order(4)
    void sparksPagesEndNoJob() throws Exception {
        assumeListenersAreSeen();
        assertThat(sparksPage("/stages/")).contains("Completed Stages").doesNotContain("kill/");
    }
}
