package dev.buzon.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buzon.delivery.TimedSteps;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PlotTest {

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private static long files(PlotSeries series) {
        return Arrays.stream(series.files()).sum();
    }

    @Test
    void aDayOfFilesIsAllThereAndWhatIsOlderIsGone() {
        Plot plot = PlotWindow.DAY.plot();
        Instant now = BEGIN;
        for (int i = 0; i < 3 * 24 * 60; i++) {
            now = BEGIN.plus(Duration.ofMinutes(i));
            plot.add(now, now, 10, TimedSteps.computed());
        }

        PlotSeries series = plot.series(now);

        assertThat(series.times()).hasSize(24 * 30).isSorted();
        assertThat(series.times()[0])
                .isEqualTo(now.minus(Duration.ofHours(24)).plusSeconds(60).getEpochSecond());
        assertThat(files(series)).isEqualTo(24 * 60);
        assertThat(Arrays.stream(series.inputRecords()).sum()).isEqualTo(24 * 60 * 10);
        assertThat(series.inputRate()).containsOnly(20 / 120.0);
    }

    /** Nothing but its rings holds anything. */
    @Test
    void aBusyDayTakesAsMuchMemoryAsAnIdleOne() {
        int points = 0;
        for (PlotWindow window : PlotWindow.values()) {
            Plot plot = window.plot();
            for (int second = 0; second < 25 * 3600; second++) {
                Instant now = BEGIN.plusSeconds(second);
                plot.add(now, now, 1, TimedSteps.computed());
            }
            points += plot.series(BEGIN.plusSeconds(25 * 3600)).times().length;
        }

        assertThat(points).isEqualTo(180 + 360 + 720);
    }

    @Test
    void recordsArriveWhenTheirFileDid() {
        Plot plot = PlotWindow.MINUTES.plot();

        plot.add(BEGIN, BEGIN.plusSeconds(60), 50, TimedSteps.computed());
        PlotSeries series = plot.series(BEGIN.plusSeconds(60));

        int last = series.times().length - 1;
        assertThat(series.inputRate()[last - 12]).isEqualTo(10);
        assertThat(series.inputRate()[last]).isZero();
        assertThat(series.inputRecords()[last]).isEqualTo(50);
        assertThat(series.meanMillis()[last]).isNotNull();
        assertThat(series.steps().get("compute")[last]).isNotNull();
        assertThat(Arrays.stream(series.processRate()).filter(Objects::nonNull)).hasSize(1);
    }

    @Test
    void aClockThatJumpsLosesNoMoreThanItJumped() {
        Plot plot = PlotWindow.MINUTES.plot();
        plot.add(BEGIN, BEGIN, 1, TimedSteps.computed());

        plot.add(BEGIN.minusSeconds(86_400), BEGIN.minusSeconds(86_400), 1, TimedSteps.computed());
        plot.add(BEGIN.minusSeconds(10), BEGIN.minusSeconds(10), 1, TimedSteps.computed());
        assertThat(files(plot.series(BEGIN))).isEqualTo(2);

        plot.add(BEGIN.plusSeconds(86_400), BEGIN.plusSeconds(86_400), 1, TimedSteps.computed());
        assertThat(files(plot.series(BEGIN.plusSeconds(86_400)))).isEqualTo(1);
    }
}
