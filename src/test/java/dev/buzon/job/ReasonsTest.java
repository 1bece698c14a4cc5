package dev.buzon.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;

class ReasonsTest {

    @Test
    void countsReasonsThatDifferInNumbersAndQuotesAsOneKind() {
        Reasons reasons = new Reasons();

        reasons.add("Cantidad: \"-4\" is not positive");
        reasons.add("Cantidad: \"-17,50\" is not positive");
        reasons.add("expected 3 columns, found 12");

        assertThat(reasons.counts())
                .containsOnly(entry("Cantidad: \"…\" is not positive", 2L), entry("expected N columns, found N", 1L));
    }

    @Test
    void addsUpWhatPartsOfAFileCounted() {
        Reasons first = new Reasons();
        Reasons second = new Reasons();
        first.add("a");
        second.add("a");
        second.add("b");

        first.add(second);

        assertThat(first.counts()).containsOnly(entry("a", 2L), entry("b", 1L));
    }

    @Test
    void staysSmallWhateverTheReasons() {
        Reasons reasons = new Reasons();

        for (int i = 0; i < 10_000; i++) {
            reasons.add("x".repeat(i % 500) + (char) ('a' + i % 26) + "y".repeat(500));
        }

        assertThat(reasons.counts()).hasSizeLessThan(40).containsKey("other reasons");
        assertThat(reasons.counts().keySet()).allMatch(kind -> kind.length() <= 102);
        assertThat(reasons.counts().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(10_000);
    }
}
