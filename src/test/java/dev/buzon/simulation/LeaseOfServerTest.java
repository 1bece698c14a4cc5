package dev.buzon.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buzon.database.Lease;
import dev.buzon.database.SimulatedLeases;
import dev.buzon.ledger.Ledger;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A lease of five seconds, that is renewed when a test says so. */
class LeaseOfServerTest extends StoreFixture {

    private final SimulatedTime time = new SimulatedTime(Duration.ZERO);
    private final RenewalByHand renewal = new RenewalByHand();

    @BeforeEach
    void defineNow() throws Exception {
        store.define(SimulatedLeases.NOW, time::millisOfServer);
    }

    private Lease lease(String name) {
        return SimulatedLeases.of(SimulatedDatabase.server(store, calls), name, () -> {}, time, renewal);
    }

    private void pass(int seconds) {
        time.pass(TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void isHeldNoLongerThanItLastsWithoutAnAnswer() throws Exception {
        Lease lease = lease("a");
        lease.take();
        pass(4);
        lease.expectHeld();
        renewal.renew();
        pass(4);
        lease.expectHeld();

        pass(2);

        assertThatThrownBy(lease::expectHeld).isInstanceOf(IOException.class).hasMessageContaining("didn't answer");
    }

    @Test
    void countsFromTheQuestionAndNotFromTheAnswer() throws Exception {
        Lease lease = lease("a");
        lease.take();
        calls.before(Act.SELECT, () -> pass(4));
        renewal.renew();
        lease.expectHeld();

        pass(2);

        assertThatThrownBy(lease::expectHeld).isInstanceOf(IOException.class);
    }

    @Test
    void countsFromTheQuestionWhereItIsTaken() throws Exception {
        Lease lease = lease("a");
        calls.before(Act.STATEMENT, () -> pass(4));
        lease.take();
        lease.expectHeld();

        pass(2);

        assertThatThrownBy(lease::expectHeld).isInstanceOf(IOException.class);
    }

    @Test
    void whatItsLastHolderCommitsComesBeforeItIsTakenOrNever() throws Exception {
        Set<Set<String>> seen = new HashSet<>();
        for (int seed = 0; seed < TRIES; seed++) {
            store.reset(LedgerImages.current(), random(seed));
            Ledger ledger = server();
            commitLate(ledger, "a");

            assertThat(lease("b").take()).isTrue();

            Set<String> sure = stored();
            seen.add(sure);
            store.settleLate(random(seed + 1));
            assertThat(stored()).isEqualTo(sure);
        }
        assertThat(seen).hasSize(2);
    }
}
