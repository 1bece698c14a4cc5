package dev.buzon.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.buzon.home.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongPredicate;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the life of batches in a simulated world, where a seed is a whole history. {@code -Dsimulation.seconds} says for
 * how long new seeds are run, and {@code -Dsimulation.from} with which seed they begin.
 */
class SimulationTest {

    private static final long FIRST_SEEDS = 400;

    private static final Duration FOR = Duration.ofSeconds(Integer.getInteger("simulation.seconds", 0));

    @BeforeAll
    static void silence() {
        // The service's log would be longer than all else.
        Configurator.setLevel("dev.buzon", Level.OFF);
    }

    @AfterAll
    static void speak() {
        Configurator.reconfigure();
    }

    @Test
    void everyPromiseIsKeptInTheFirstHistories() throws Exception {
        long run = run(1, seed -> seed <= FIRST_SEEDS);

        assertThat(run).isEqualTo(FIRST_SEEDS);
    }

    @Test
    void everyPromiseIsKeptInNewHistories() throws Exception {
        assumeFalse(FOR.isZero());
        long from = Long.getLong("simulation.from", System.currentTimeMillis() * 1_000);
        long end = System.nanoTime() + FOR.toNanos();

        long run = run(from, seed -> System.nanoTime() - end < 0);

        System.out.printf("Simulated %d histories from the seed %d on.%n", run, from);
        assertThat(run).isPositive();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
    void aPlanIsAlwaysTheSameHistory(long seed) throws Exception {
        try (Simulation simulation = new Simulation()) {
            String history = simulation.run(Plans.of(seed), true).history();

            assertThat(history).isNotEmpty();
            assertThat(simulation
                            .run(Plan.parse(Plans.of(seed).toString()), true)
                            .history())
                    .isEqualTo(history);
        }
    }

    /** Those in which a fault was found that is mended since, or that find one which is made for that. */
    @ParameterizedTest
    @MethodSource("plans")
    void everyPromiseIsKeptIn(Path plan) throws Exception {
        try (Simulation simulation = new Simulation()) {
            Simulation.Outcome outcome = simulation.run(Plan.parse(Files.readString(plan)));

            assertThat(outcome.isRight()).as(outcome.toString()).isTrue();
        }
    }

    static List<Path> plans() throws IOException {
        return Disk.list(Path.of("src/test/resources/simulation")).stream()
                .filter(file -> file.toString().endsWith(".plan"))
                .toList();
    }

    /** @return how many histories were run */
    private static long run(long from, LongPredicate isToBeRun) throws InterruptedException, ExecutionException {
        AtomicLong next = new AtomicLong(from);
        AtomicLong count = new AtomicLong();
        AtomicReference<Simulation.Outcome> failed = new AtomicReference<>();
        int processors = Runtime.getRuntime().availableProcessors();
        ExecutorService threads = Executors.newFixedThreadPool(processors);
        try {
            for (int i = 0; i < processors; i++) {
                threads.submit(() -> runSome(next, count, failed, isToBeRun));
            }
        } finally {
            threads.shutdown();
            threads.awaitTermination(1, TimeUnit.DAYS);
        }
        if (failed.get() != null) {
            fail(failed.get().toString());
        }
        return count.get();
    }

    private static Void runSome(
            AtomicLong next, AtomicLong count, AtomicReference<Simulation.Outcome> failed, LongPredicate isToBeRun)
            throws SQLException {
        try (Simulation simulation = new Simulation()) {
            for (long seed = next.getAndIncrement();
                    failed.get() == null && isToBeRun.test(seed);
                    seed = next.getAndIncrement()) {
                Simulation.Outcome outcome = simulation.run(Plans.of(seed));
                count.incrementAndGet();
                if (!outcome.isRight()) {
                    failed.compareAndSet(null, Shrinking.of(simulation, outcome));
                }
            }
        } catch (Throwable e) {
            failed.compareAndSet(null, new Simulation.Outcome(null, e, ""));
            throw e;
        }
        return null;
    }
}
