package dev.buzon.simulation.mutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.buzon.simulation.PlannedHistories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Makes faults in the service, one at a time: the simulation has to find each, by its plan. {@code -Dsimulation.mutations}
 * says which, and how: with {@code plans} each is made, also those that a build leaves out; with {@code search} they are
 * looked for among the first seeds, and with {@code renew} so, and the plans are written anew.
 *
 * <p>That the plans find nothing in the service as it is, {@code SimulationTest} sees.
 *
 * <p>A history that doesn't end is none that finds something: after an hour the test fails, whatever the machine.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MutationTest {

    private static final Path FOLDER = Path.of("src/test/resources/simulation");

    private static final String FORM = System.getProperty("simulation.mutations", "");

    private static final boolean SEARCHES = FORM.equals("search") || FORM.equals("renew");

    /** The name of the only mutation that is made; empty if all are. */
    private static final String ONLY = System.getProperty("simulation.mutation", "");

    /** Among so many seeds is none that finds one of those that are not found. */
    private static final int SEEDS_IN_VAIN = 1_000;

    private static Mutants mutants;
    private static PlannedHistories unmutated;

    @BeforeAll
    static void prepare() throws IOException, SQLException {
        Configurator.setLevel("dev.buzon", Level.OFF);
        // To compile the others, too, would take as long again.
        mutants = Mutants.compile(SEARCHES ? all() : found().toList());
        unmutated = new PlannedHistories();
    }

    @AfterAll
    static void end() throws SQLException {
        unmutated.close();
        Configurator.reconfigure();
    }

    private static List<Mutation> all() {
        return everything()
                .filter(mutation -> ONLY.isEmpty() || mutation.name().equals(ONLY))
                .toList();
    }

    private static Stream<Mutation> everything() {
        try {
            return MutationList.parse(Files.readString(FOLDER.resolve("mutations.txt"))).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Mutation> found() {
        boolean all = !FORM.isEmpty() || !ONLY.isEmpty();
        return all().stream().filter(mutation -> mutation.isFound() && (all || mutation.isInEachBuild()));
    }

    static Stream<Mutation> notFound() {
        return all().stream().filter(mutation -> !mutation.isFound());
    }

    @Test
    void theListIsUpToDate() throws Exception {
        for (Mutation mutation : all()) {
            Mutants.expectUpToDate(mutation);
            assertThat(planOf(mutation).toFile().exists()).as(mutation.name()).isEqualTo(mutation.isFound());
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("found")
    void theSimulationFinds(Mutation mutation) throws Exception {
        try (Histories histories = mutants.of(mutation)) {
            if (!SEARCHES || mutation.seeds() == 0) {
                assertThat(histories.failure(Files.readString(planOf(mutation))))
                        .as(mutation.name())
                        .isNotNull();
            } else {
                long seed = search(histories, mutation, mutation.seeds());
                System.out.printf("%6d: %s%n", seed, mutation);
                assertThat(seed).as("the seed that finds it").isPositive();
            }
        }
    }

    private static Path planOf(Mutation mutation) {
        return FOLDER.resolve(mutation.planName());
    }

    /** @return the first seed that finds a mutation; 0 if there is none */
    private static long search(Histories histories, Mutation mutation, int seeds) throws IOException {
        for (long seed = 1; seed <= seeds; seed++) {
            String plan = histories.plan(seed);
            if (isFound(histories, plan) && (!FORM.equals("renew") || renew(histories, mutation, plan))) {
                return seed;
            }
        }
        return 0;
    }

    /** Whether the history of a plan breaks a promise with a mutation, and none without it. */
    private static boolean isFound(Histories histories, String plan) {
        try {
            return histories.failure(plan) != null && unmutated.failure(plan) == null;
        } catch (IllegalStateException e) {
            // The simulation can't tell.
            return false;
        }
    }

    /** @return false if what is left of a plan is wrong without the mutation, too */
    private static boolean renew(Histories histories, Mutation mutation, String plan) throws IOException {
        String shrunk = histories.shrunk(plan);
        if (!isFound(histories, shrunk)) {
            return false;
        }
        String failure = histories.failure(shrunk).lines().findFirst().orElseThrow();
        Files.writeString(planOf(mutation), "# " + mutation + "\n# " + failure + "\n" + shrunk);
        return true;
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("notFound")
    void theSimulationDoesNotFind(Mutation mutation) throws Exception {
        if (SEARCHES) {
            try (Histories histories = mutants.of(mutation)) {
                long seed = search(histories, mutation, SEEDS_IN_VAIN);
                assertThat(seed).as("a seed that finds it after all").isZero();
            }
        }
        assertThat(mutation.tests().isEmpty() && mutation.madeGoodBy().isEmpty())
                .as("nothing fails with it")
                .isFalse();
        if (!mutation.madeGoodBy().isEmpty()) {
            assertThat(everything().filter(Mutation::isFound))
                    .extracting(Mutation::name)
                    .contains(mutation.madeGoodBy());
        }
        for (String test : mutation.tests()) {
            assertThatCode(() -> Class.forName("dev.buzon." + test)).doesNotThrowAnyException();
        }
    }
}
