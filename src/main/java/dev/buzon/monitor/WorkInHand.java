package dev.buzon.monitor;

import dev.buzon.delivery.Delivery;
import dev.buzon.delivery.DeliveryListener;
import dev.buzon.delivery.Printable;
import dev.buzon.delivery.Step;
import dev.buzon.delivery.StepTimes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
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
    /** By route and exchange. */
    private final Map<String, Work> inHand = new ConcurrentHashMap<>();
    /** What was said to stand still, and not to go on yet. Used by {@link #tell} alone. */
    private final Set<Standstill> said = new HashSet<>();

    /** @param longestStep how long a step may take, if its file is empty */
    WorkInHand(Duration longestStep) {
        this.longestStep = longestStep;
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
        return inHand.values().stream()
                .map(this::standstill)
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
    }

    private Optional<Standstill> standstill(Work work) {
        Standstill step = work.step();
        Duration lasts = Duration.ofNanos(System.nanoTime() - step.beganNanos);
        boolean isLong = lasts.compareTo(longestStep.plusSeconds(work.bytes / BYTES_PER_SECOND)) > 0;
        return isLong ? Optional.of(step) : Optional.empty();
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
                    new Work(
                            route.getRouteId(),
                            exchange.getMessage().getHeader(Exchange.FILE_NAME_ONLY, String.class),
                            exchange.getMessage().getHeader(Exchange.FILE_LENGTH, 0L, Long.class)));
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
            if (work.route.equals(delivery.route().route()) && delivery.name().equals(work.file)) {
                work.times = delivery.times();
            }
        }
    }

    private static final class Work {

        private final String route;
        /** Null if the route was called for something else than a file. */
        private final String file;

        private final long bytes;
        private final Instant beganAt = Instant.now();
        private final long beganNanos = System.nanoTime();
        /** Null until its key is taken. */
        private volatile StepTimes times;

        Work(String route, String file, long bytes) {
            this.route = route;
            this.file = file;
            this.bytes = bytes;
        }

        /** The step that it is in. */
        Standstill step() {
            StepTimes known = times;
            if (file == null) {
                return new Standstill(route, "its work", beganNanos, beganAt);
            }
            String what = route + ": " + Printable.of(file);
            if (known == null) {
                return new Standstill(what, inWords(Step.KEY), beganNanos, beganAt);
            }
            long since = known.sinceNanos();
            return new Standstill(what, inWords(known.current()), since, beganAt.plusNanos(since - beganNanos));
        }

        private static String inWords(Step step) {
            return "its step " + step.label();
        }
    }

    private record Standstill(String what, String step, long beganNanos, Instant since) {

        String inWords() {
            return what + " stands still: " + step + " has not come to its end since "
                    + since.truncatedTo(ChronoUnit.SECONDS) + ".";
        }
    }
}
