package dev.buzon.cli;

import dev.buzon.job.Printable;
import dev.buzon.ledger.Totals;
import dev.buzon.monitor.FileProgress;
import dev.buzon.monitor.RetryingFile;
import dev.buzon.monitor.Role;
import dev.buzon.monitor.RouteStatus;
import dev.buzon.monitor.ServiceStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.apache.commons.text.WordUtils;

/** The state of the service for a terminal of 80 columns. */
final class StatusTable {

    private static final int WIDTH = 80;
    private static final String INDENT = "  ";
    private static final String COLUMNS = "%-14s %-9s %7s %8s %8s %5s %8s %7s %6s";

    private final ServiceStatus service;
    private final StringBuilder text = new StringBuilder();

    private StatusTable(ServiceStatus service) {
        this.service = service;
    }

    static String of(ServiceStatus service) {
        StatusTable table = new StatusTable(service);
        table.write();
        return table.text.toString();
    }

    private void write() {
        line("Buzón is " + service.health().state() + ", as process " + service.pid() + " for "
                + age(service.startedAt()) + ", in " + service.home());
        service.health().reasons().forEach(this::wrapped);
        if (service.role() == Role.STANDBY) {
            wrapped("It stands by: " + service.worker() + " works.");
        } else if (service.worker() != null) {
            wrapped("It works, as " + service.worker() + ".");
        }
        line("");
        row("route", "state", "waiting", "oldest", "handled", "dupl.", "rejected", "records", "ms");
        for (RouteStatus route : service.routes()) {
            Totals totals = route.sinceStart();
            row(
                    cut(route.route(), 14),
                    route.state().toLowerCase(Locale.ROOT),
                    route.backlog() == null ? "?" : count(route.backlog().files()),
                    route.backlog() == null || route.backlog().oldestSeconds() == null
                            ? "-"
                            : age(Duration.ofMillis((long) (route.backlog().oldestSeconds() * 1000))),
                    count(totals.handled()),
                    count(totals.duplicates()),
                    count(totals.rejectedFiles()),
                    count(totals.records()),
                    route.meanMillis() == null ? "-" : count(Math.round(route.meanMillis())));
        }
        service.routes().forEach(this::details);
    }

    private void details(RouteStatus route) {
        line("");
        String lastSuccess = route.lastSuccess() == null ? "no file yet" : age(route.lastSuccess()) + " ago";
        line(cut(route.route(), WIDTH / 2) + ": last success: " + lastSuccess);
        if (route.allTime() != null) {
            wrapped("of all time: " + totals(route.allTime()));
        }
        FileProgress last = route.last();
        if (last != null) {
            wrapped("last: " + last.file() + ": " + last.outcome().name().toLowerCase(Locale.ROOT) + ", records: "
                    + count(last.inputRecords()) + " good, " + count(last.rejected()) + " bad; results: "
                    + count(last.results()) + "; " + String.format(Locale.ROOT, "%.1f", last.millis()) + " ms");
        }
        route.rejectedByReason().forEach((reason, times) -> wrapped("bad: " + count(times) + " × " + reason));
        for (RetryingFile file : route.retrying()) {
            wrapped("waits: " + file.file() + ", " + count(file.tries()) + " tries: " + file.reason());
        }
    }

    private static String totals(Totals totals) {
        return count(totals.handled()) + " handled, " + count(totals.duplicates()) + " duplicate, "
                + count(totals.rejectedFiles()) + " rejected; records: " + count(totals.records()) + " good, "
                + count(totals.rejectedRecords()) + " bad";
    }

    private void row(Object... cells) {
        line(String.format(COLUMNS, cells).stripTrailing());
    }

    private void line(String line) {
        text.append(cut(line, WIDTH)).append(System.lineSeparator());
    }

    /** Over as many lines as it needs. */
    private void wrapped(String paragraph) {
        WordUtils.wrap(Printable.of(paragraph), WIDTH - INDENT.length(), "\n", true)
                .lines()
                .forEach(line -> line(INDENT + line));
    }

    private static String cut(String text, int width) {
        return text.codePointCount(0, text.length()) <= width
                ? text
                : text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
    }

    private static String count(long number) {
        return number < 10_000 ? Long.toString(number) : shortened(number);
    }

    /** As in 12k or 3M: so that any number fits. */
    private static String shortened(long number) {
        String[] units = {"k", "M", "G", "T", "P", "E"};
        double value = number;
        int unit = -1;
        while (value >= 1000) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, value < 100 ? "%.1f%s" : "%.0f%s", value, units[unit]);
    }

    private String age(Instant since) {
        return age(Duration.between(since, service.now()));
    }

    /** In the largest unit of which there are two. */
    private static String age(Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        if (seconds < 120) {
            return seconds + " s";
        } else if (seconds < 120 * 60) {
            return seconds / 60 + " min";
        } else if (seconds < 48 * 3600) {
            return seconds / 3600 + " h";
        }
        return seconds / 86_400 + " d";
    }
}
