package dev.buzon.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buzon.RecordedLog;
import dev.buzon.intake.InboxLook;
import java.io.File;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

/** What of the work in hand stands still. */
class WorkInHandTest {

    private static final Duration NOTHING = Duration.ofNanos(1);

    private Map<String, InboxLook> looks = Map.of();
    private final WorkInHand inHand = new WorkInHand(NOTHING, () -> looks);

    /** Sends a file through a route, and looks at it when it is in there. */
    private void pass(String route, String property, long bytes, Runnable look) throws Exception {
        CamelContext context = new DefaultCamelContext();
        try {
            context.addRoutePolicyFactory(inHand);
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:begin").routeId(route).process(exchange -> look.run());
                }
            });
            context.start();
            Exchange passed = context.createProducerTemplate().send("direct:begin", exchange -> {
                exchange.setProperty(property, "x");
                GenericFile<File> file = new GenericFile<>();
                file.setFile(new File("a\n.json"));
                file.setFileLength(bytes);
                exchange.setProperty(Exchange.FILE_EXCHANGE_FILE, file);
            });
            assertThat(passed.getException()).isNull();
        } finally {
            context.stop();
        }
    }

    @Test
    void aStepThatTakesTooLongIsSaidOnceAndSoIsItsEnd() throws Exception {
        String stands = "invoices: a\\u000A.json stands still: its step key has not come to its end since ";
        try (RecordedLog log = new RecordedLog()) {
            pass("invoices", "any", 0, () -> {
                assertThat(inHand.problems()).singleElement().asString().startsWith(stands);
                inHand.tell();
                inHand.tell();
                assertThat(log.with("goes on")).isEmpty();
            });
            inHand.tell();
            inHand.tell();

            assertThat(inHand.problems()).isEmpty();
            assertThat(log.with(stands)).hasSize(1);
            assertThat(log.with("invoices: a\\u000A.json goes on: its step key took "))
                    .hasSize(1);
        }
    }

    @Test
    void aLookAtAnInboxThatTakesTooLongIsSaidToo() {
        looks = Map.of(
                "bizums", new InboxLook(System.nanoTime() - 1_000, 0),
                "invoices", new InboxLook(System.nanoTime(), 1L << 30));

        assertThat(inHand.problems())
                .singleElement()
                .asString()
                .startsWith("bizums stands still: the look at its inbox has not come to its end since ");
    }

    @Test
    void aLargeFileMayTakeLonger() throws Exception {
        pass("invoices", "any", 1L << 30, () -> assertThat(inHand.problems()).isEmpty());
    }

    @Test
    void whatATimerBeginsMayTakeAsLongAsItWants() throws Exception {
        pass("housekeeping", Exchange.TIMER_NAME, 0, () -> assertThat(inHand.problems())
                .isEmpty());
    }
}
