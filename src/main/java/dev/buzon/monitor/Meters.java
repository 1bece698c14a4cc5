package dev.buzon.monitor;

import dev.buzon.delivery.Step;
import dev.buzon.ledger.Totals;
import dev.buzon.monitor.RouteStatus.Waiting;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.apache.camel.CamelContext;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyFactory;

/** The metrics for Prometheus: Camel's of its routes, the JVM's, and ours. Ours are asked for when they are read. */
public final class Meters implements AutoCloseable {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Monitor monitor;

    public Meters(Monitor monitor) {
        this.monitor = monitor;
    }

    /** Before the routes start. */
    public void prepare(CamelContext context) {
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
        context.getRegistry().bind(MicrometerConstants.METRICS_REGISTRY_NAME, registry);
        context.addRoutePolicyFactory(new MicrometerRoutePolicyFactory());
        monitor.routes().forEach(this::addRoute);
        Gauge.builder("buzon.health", monitor, shown -> shown.health().state().down() ? 0 : 1)
                .description("Whether the service can do its work: 1 or 0")
                .register(registry);
        Gauge.builder("buzon.degraded", monitor, shown -> shown.health().state().degraded() ? 1 : 0)
                .description("Whether it can, but a file waits for somebody: 1 or 0")
                .register(registry);
        Gauge.builder("buzon.works", monitor, shown -> shown.role() == Role.WORKS ? 1 : 0)
                .description("Whether this daemon works: 1, or 0 while it stands by")
                .register(registry);
        Gauge.builder("buzon.ledger.size", monitor, shown -> orNan(shown.ledger(), LedgerStatus::bytes))
                .description("Of the ledger's files on disk")
                .baseUnit("bytes")
                .register(registry);
    }

    private void addRoute(String route) {
        Tags tags = Tags.of("route", route);
        String files = "Files that came to an end since the start";
        count("buzon.files", files, tags.and("outcome", "handled"), route, Totals::handled);
        count("buzon.files", files, tags.and("outcome", "duplicate"), route, Totals::duplicates);
        count("buzon.files", files, tags.and("outcome", "rejected"), route, Totals::rejectedFiles);
        String records = "Records of handled files since the start";
        count("buzon.records", records, tags.and("quality", "good"), route, Totals::records);
        count("buzon.records", records, tags.and("quality", "bad"), route, Totals::rejectedRecords);
        count("buzon.results", "What came of good records since the start", tags, route, Totals::results);
        count("buzon.read.bytes", "Bytes of files handled and rejected since the start", tags, route, Totals::bytes);
        gauge("buzon.backlog.files", "Files that wait in the inbox", tags, of -> backlog(of, route, Waiting::files));
        gauge("buzon.backlog.bytes", "Their bytes", tags, of -> backlog(of, route, Waiting::bytes));
        gauge(
                "buzon.backlog.oldest.seconds",
                "How long the one that waits longest has been there",
                tags,
                of -> backlog(of, route, Meters::oldest));
        gauge("buzon.retrying.files", "Files that wait because the world was wrong", tags, of -> of.retrying(route)
                .size());
        gauge(
                "buzon.last.success.timestamp.seconds",
                "When a file was handled last",
                tags,
                of -> orNan(of.lastSuccess(route), time -> time.toEpochMilli() / 1e3));
        for (Step step : Step.values()) {
            FunctionTimer.builder(
                            "buzon.step",
                            monitor,
                            shown -> shown.timedFiles(route),
                            shown -> shown.seconds(route, step),
                            TimeUnit.SECONDS)
                    .tags(tags.and("step", step.label()))
                    .description("How long the steps of the life of a file take")
                    .register(registry);
        }
    }

    private void count(String name, String description, Tags tags, String route, ToDoubleFunction<Totals> of) {
        FunctionCounter.builder(name, monitor, shown -> of.applyAsDouble(shown.sinceStart(route)))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private void gauge(String name, String description, Tags tags, ToDoubleFunction<Monitor> value) {
        Gauge.builder(name, monitor, value).description(description).tags(tags).register(registry);
    }

    private static double backlog(Monitor of, String route, ToDoubleFunction<Waiting> number) {
        return orNan(of.backlog(route), number);
    }

    private static double oldest(Waiting waiting) {
        return waiting.oldestSeconds() == null ? 0 : waiting.oldestSeconds();
    }

    private static <T> double orNan(T value, ToDoubleFunction<T> number) {
        return value == null ? Double.NaN : number.applyAsDouble(value);
    }

    /** As Prometheus reads them. */
    public String scrape() {
        monitor.begin();
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
