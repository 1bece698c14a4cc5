package dev.buzon.delivery;

import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import dev.buzon.intake.InboxComponent;
import dev.buzon.job.InputFile;
import dev.buzon.job.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.component.jackson.JacksonDataFormat;

/**
 * The steps of the life of a batch, for the routes to call one after another, as {@code routes/drop-folder.camel.yaml}
 * does. Thread-safe.
 */
public final class RouteSteps {

    /** The exchange's property that holds its batch. */
    private static final String BATCH = "BuzonBatch";
    /** The one that says whether any of its files is new. */
    private static final String HAS_NEW = "BuzonHasNew";

    private final Settings settings;
    private final Lifecycle lifecycle;
    private final JacksonDataFormat json = new JacksonDataFormat();

    RouteSteps(Settings settings, Lifecycle lifecycle) {
        this.settings = settings;
        this.lifecycle = lifecycle;
        json.setPrettyPrint(true);
    }

    /** Claimed and keyed: the files that the poll has chosen are looked at once more. */
    public void claim(Exchange exchange) throws IOException {
        Batch batch = lifecycle.claim(route(exchange), InboxComponent.files(exchange));
        exchange.setProperty(BATCH, batch);
        if (batch.deliveries().isEmpty()) {
            exchange.setRouteStop(true);
        }
    }

    /** Known? Resends and leftovers of a crash are told from new files. */
    public void recall(Exchange exchange) throws IOException, SQLException {
        Batch batch = batch(exchange);
        lifecycle.recall(batch);
        exchange.setProperty(HAS_NEW, !batch.newOnes().isEmpty());
    }

    /** Staged: the body becomes a list of {@link InputFile}, one for each new file. */
    public void stage(Exchange exchange) throws IOException, SQLException {
        List<InputFile> files = lifecycle.stage(batch(exchange));
        exchange.getMessage().setBody(files);
    }

    /** Unchanged? and committed: the body is the list of what the job says of each new file. */
    public void commit(Exchange exchange) throws IOException, SQLException, InvalidPayloadException {
        List<?> said = exchange.getMessage().getMandatoryBody(List.class);
        lifecycle.commit(
                batch(exchange),
                said.stream().map(Outcome.class::cast).toList(),
                (explanation, to) -> write(exchange, explanation, to));
    }

    private void write(Exchange exchange, Map<String, Object> explanation, OutputStream to) throws IOException {
        try {
            if (!json.isStarted()) {
                json.setCamelContext(exchange.getContext());
                json.start();
            }
            json.marshal(exchange, explanation, to);
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("A map of texts and numbers is JSON.", e);
        }
    }

    /** Published: what is staged appears, each file with one rename. */
    public void publish(Exchange exchange) throws IOException, SQLException {
        lifecycle.publish(batch(exchange));
    }

    /** Archived: the sources go where {@code clean-source} says. */
    public void archive(Exchange exchange) throws IOException, SQLException {
        lifecycle.archive(batch(exchange));
    }

    /** The world is wrong: the files stay, and are tried again. */
    public void retry(Exchange exchange) {
        List<Path> sources = InboxComponent.files(exchange);
        lifecycle.retry(
                route(exchange),
                sources,
                batch(exchange),
                exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
    }

    private RouteSettings route(Exchange exchange) {
        return settings.route(exchange.getFromRouteId());
    }

    /** Null before the exchange has one. */
    static Batch batch(Exchange exchange) {
        return exchange.getProperty(BATCH, Batch.class);
    }
}
