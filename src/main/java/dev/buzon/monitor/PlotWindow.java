package dev.buzon.monitor;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** Over which time the plots of a route reach back. */
enum PlotWindow {
    MINUTES("15m", Duration.ofMinutes(15), Duration.ofSeconds(5)),
    HOURS("3h", Duration.ofHours(3), Duration.ofSeconds(30)),
    DAY("24h", Duration.ofHours(24), Duration.ofMinutes(2));

    private final String label;
    private final Duration window;
    private final Duration bucket;

    PlotWindow(String label, Duration window, Duration bucket) {
        this.label = label;
        this.window = window;
        this.bucket = bucket;
    }

    /** Such as 15m. */
    static Optional<PlotWindow> of(String label) {
        return Arrays.stream(values()).filter(each -> each.label.equals(label)).findFirst();
    }

    Plot plot() {
        return new Plot(window, bucket);
    }
}
