package dev.buzon.web;

import dev.buzon.delivery.Snapshots;
import dev.buzon.home.Home;
import dev.buzon.ledger.Ledger;
import dev.buzon.monitor.HealthState;
import dev.buzon.monitor.Monitor;
import dev.buzon.web.WebServer.Answer;
import dev.buzon.web.WebServer.Resource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The page of a service, with its health and its metrics: which path gives what. */
public final class Web {

    private static final Logger LOG = LoggerFactory.getLogger(Web.class);

    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final List<String> SCRIPTS =
            List.of("app.js", "dom.js", "feed.js", "files.js", "format.js", "plots.js", "routes.js", "steps.js");
    private static final String PLOTS = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

    private Web() {}

    /**
     * Serves it on the loopback address. A port that is taken costs the page, not the service.
     *
     * @param tables those that jobs keep
     * @param metrics as Prometheus reads them
     * @return what stops it; empty where the port is taken
     */
    public static Optional<AutoCloseable> start(
            int port, Home home, Monitor monitor, Ledger ledger, Snapshots tables, Supplier<String> metrics) {
        Api api = new Api(home, monitor, ledger, tables);
        Map<String, Resource> resources = new LinkedHashMap<>();
        resources.put("/", file("index.html", "text/html; charset=utf-8"));
        resources.put("/style.css", file("style.css", STYLE));
        resources.put("/icon.svg", file("icon.svg", "image/svg+xml"));
        for (String script : SCRIPTS) {
            resources.put("/" + script, file(script, SCRIPT));
        }
        resources.put("/uplot.js", file(PLOTS + "uPlot.iife.min.js", SCRIPT));
        resources.put("/uplot.css", file(PLOTS + "uPlot.min.css", STYLE));
        resources.put("/api/status", json(api::status));
        resources.put("/api/plots", json(api::plots));
        resources.put("/api/files", ofLedger(monitor, api::files));
        resources.put("/api/life", ofLedger(monitor, api::life));
        resources.put("/api/rejected", ofLedger(monitor, api::rejected));
        resources.put("/api/tables", ofLedger(monitor, api::tables));
        resources.put("/health", parameters -> {
            HealthState health = monitor.health().state();
            return Answer.json(health.down() ? 503 : 200, health);
        });
        resources.put(
                "/metrics",
                parameters -> new Answer(200, PROMETHEUS, metrics.get().getBytes(StandardCharsets.UTF_8)));
        try {
            WebServer server = new WebServer(port, resources);
            LOG.info("The page: http://127.0.0.1:{}", port);
            return Optional.of(server);
        } catch (IOException e) {
            LOG.warn(
                    "There is no page: port {} can't be had ({}). Set buzon.web.port to another one, or to 0.",
                    port,
                    e.getMessage());
            return Optional.empty();
        }
    }

    @FunctionalInterface
    private interface Question {
        Object ask(Map<String, String> parameters) throws Exception;
    }

    private static Resource json(Question question) {
        return parameters -> Answer.json(200, question.ask(parameters));
    }

    /** While the ledger doesn't answer, nobody waits for it. */
    private static Resource ofLedger(Monitor monitor, Question question) {
        return WebServer.slow(parameters -> {
            Optional<Instant> silent = monitor.ledgerSilentSince();
            if (silent.isPresent()) {
                throw new UnansweredException("The ledger has not answered since " + silent.get() + ".");
            }
            return Answer.json(200, question.ask(parameters));
        });
    }

    private static Resource file(String name, String type) {
        try (InputStream content = Web.class.getResourceAsStream(name)) {
            Answer answer = new Answer(200, type, content.readAllBytes());
            return parameters -> answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
