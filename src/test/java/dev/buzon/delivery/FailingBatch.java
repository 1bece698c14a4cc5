package dev.buzon.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;

/** Three files wait in a home, for something that fails. Whatever it is, nothing of them is lost. */
abstract class FailingBatch extends InBatchHome {

    @BeforeEach
    void dropThree() throws Exception {
        home.drop("a.txt", "one\n");
        home.drop("b.txt", "two\nbad\n");
        home.drop("c.txt", "three\n");
    }

    void expectAll() throws Exception {
        home.expectEachOnce("one\n", "two\nbad\n", "three\n");
    }

    void expectNothingOfIt() throws Exception {
        assertThat(home.inbox()).containsExactly("a.txt", "b.txt", "c.txt");
        assertThat(home.outbox()).isEmpty();
        assertThat(home.rejected()).isEmpty();
        assertThat(home.states()).isEmpty();
        assertThat(home.totals().handled()).isZero();
        assertThat(home.totals().rejectedFiles()).isZero();
    }
}
