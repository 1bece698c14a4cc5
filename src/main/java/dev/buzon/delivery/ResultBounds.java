package dev.buzon.delivery;

import dev.buzon.home.RouteSettings;
import dev.buzon.job.ResultBound;

/** How much the settings of a route let the results of one file take. */
final class ResultBounds {

    private static final long MEGABYTE = 1_000_000;
    /** In bytes. The ratio counts beyond them: a small file may grow as it likes. */
    private static final long FREE = 64 * MEGABYTE;

    private ResultBounds() {}

    /** @param source in bytes */
    static ResultBound.Most of(RouteSettings route, long source) {
        String key = "buzon." + route.id() + ".max-result-";
        long ratio = route.maxResultRatio();
        long bytes = route.maxResultMegabytes() * MEGABYTE;
        long byRatio = Math.max(FREE, ratio * source);
        boolean ratioCounts = ratio > 0 && (bytes == 0 || byRatio < bytes);
        long most = ratioCounts ? byRatio : bytes == 0 ? Long.MAX_VALUE : bytes;
        return new ResultBound.Most(
                most,
                "its results take more than " + most / MEGABYTE + " MB"
                        + (ratioCounts
                                ? " and " + ratio + " times its own size: " + key + "ratio"
                                : ": " + key + "megabytes")
                        + " sets how much they may take");
    }
}
