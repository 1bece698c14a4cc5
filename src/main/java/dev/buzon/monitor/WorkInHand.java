package dev.buzon.monitor;

import dev.buzon.delivery.Delivery;
import dev.buzon.delivery.DeliveryListener;
import dev.buzon.delivery.Step;
import dev.buzon.delivery.StepTimes;
import dev.buzon.intake.InboxComponent;
import dev.buzon.intake.InboxLook;
import dev.buzon.job.Printable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the routes have in hand, and what of it stands still: a step that takes longer than its bound, which grows with
 * the file. What a timer begins has no bound, since cleaning up may take hours. Thread-safe.
 */
final class WorkInHand extends RoutePolicySupport implements RoutePolicyFactory, DeliveryListener {

    private static final Logger LOG = LoggerFactory.getLogger(WorkInHand.class);

    /** A slow disk or network moves ten times as much. */
    private static final long BYTES_PER_SECOND = 1 << 20;

    private final Duration longestStep;
    private final Supplier<Map<String, InboxLook>> looks;
    private final Instant madeAt = Instant.now();
    private final long madeNanos = System.nanoTime();
    /** By route and exchange. */
    private final Map<String, Work> inHand = new ConcurrentHashMap<>();
    /** What was said to stand still, and not to go on yet. Used by {@link #tell} alone. */
    private final Set<Standstill> said = new HashSet<>();

    /**
     * @param longestStep how long a step may take, if its file is empty
     * @param looks those at inboxes that are under way, by route
     */
    WorkInHand(Duration longestStep, Supplier<Map<String, InboxLook>> looks) {
        this.longestStep = longestStep;
        this.looks = looks;
    }

    /** What stands still, in words. */
    List<String> problems() {
        return standstills().stream().map(Standstill::inWords).sorted().toList();
    }

    /** Logs once what stands still, and once that it goes on. Called again and again, by one thread. */
    void tell() {
        Set<Standstill> now = standstills();
        now.stream().filter(said::add).forEach(standstill -> LOG.warn("{}", standstill.inWords()));
        said.removeIf(standstill -> {
            boolean goesOn = !now.contains(standstill);
            if (goesOn) {
                long seconds = Duration.ofNanos(System.nanoTime() - standstill.beganNanos)
                        .toSeconds();
                LOG.info("{} goes on: {} took {} s", standstill.what, standstill.step, seconds);
            }
            return goesOn;
        });
    }

    private Set<Standstill> standstills() {
        Set<Standstill> found = new HashSet<>();
        for (Work work : inHand.values()) {
            StepTimes times = work.times;
            String what = work.inWords();
            long began = times == null ? work.beganNanos : times.sinceNanos();
            Step step = times == null ? Step.KEY : times.current();
            String inWords = work.files.isEmpty() ? "its work" : "its step " + step.label();
            addIfLong(what, inWords, began, work.bytes, found);
        }
        looks.get()
                .forEach((route, look) ->
                        addIfLong(route, "the look at its inbox", look.beganNanos(), look.bytes(), found));
        return found;
    }

    private void addIfLong(String what, String step, long began, long bytes, Set<Standstill> found) {
        Duration lasts = Duration.ofNanos(System.nanoTime() - began);
        if (lasts.compareTo(longestStep.plusSeconds(bytes / BYTES_PER_SECOND)) > 0) {
            found.add(new Standstill(what, step, began, madeAt.plusNanos(began - madeNanos)));
        }
    }

    @Override
    public RoutePolicy createRoutePolicy(CamelContext context, String routeId, NamedNode route) {
        return this;
    }

    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
        if (exchange.getProperty(Exchange.TIMER_NAME) == null) {
            inHand.put(
                    key(route, exchange),
                    new Work(route.getRouteId(), InboxComponent.files(exchange), InboxComponent.bytes(exchange)));
        }
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
        inHand.remove(key(route, exchange));
    }

    private static String key(Route route, Exchange exchange) {
        return route.getRouteId() + " " + exchange.getExchangeId();
    }

    @Override
    public void keyed(Delivery delivery) {
        for (Work work : inHand.values()) {
            if (work.times == null
                    && work.route.equals(delivery.route().id())
                    && work.files.contains(delivery.source())) {
                work.times = delivery.times();
            }
        }
    }

    private static final class Work {

        private final String route;
        /** None if the route was called for something else. */
        private final List<Path> files;

        private final long bytes;
        private final long beganNanos = System.nanoTime();
        /** Null until its key is taken. */
        private volatile StepTimes times;

        Work(String route, List<Path> files, long bytes) {
            this.route = route;
            this.files = files;
            this.bytes = bytes;
        }

        String inWords() {
            if (files.isEmpty()) {
                return route;
            }
            String first = Printable.of(files.get(0).getFileName().toString());
            return route + ": " + first + (files.size() == 1 ? "" : " and " + (files.size() - 1) + " more");
        }
    }

    private record Standstill(String what, String step, long beganNanos, Instant since) {

        String inWords() {
            return what + " stands still: " + step + " has not come to its end since "
                    + since.truncatedTo(ChronoUnit.SECONDS) + ".";
        }
    }
}
