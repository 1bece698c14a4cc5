package dev.buzon.cli;

import dev.buzon.database.Database;
import dev.buzon.job.Printable;
import dev.buzon.ledger.HistoryQuery;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerEntry;
import dev.buzon.monitor.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.util.TimeUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** What became of files, from the ledger: whether the daemon runs or not. */
@Command(
        name = "history",
        description =
                "Shows what became of a file, or of the last ones. Exits 1 where the ledger knows none of the name.",
        mixinStandardHelpOptions = true)
final class HistoryCommand extends HomeCommand {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            description = "The file's name in the inbox, or eight or more of its key's first digits.")
    private String name;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = Since.class,
            description = "Only files begun since then: 10m, 6h or 7d ago, 2026-11-24, or 2026-11-24T08:30.")
    private Instant since;

    @Option(names = "--rejected", description = "Only files that were rejected, or have bad records.")
    private boolean rejected;

    @Option(names = "--limit", defaultValue = "20", description = "How many at most. Default: ${DEFAULT-VALUE}")
    private int limit;

    @Override
    public Integer call() throws Exception {
        Database database = Database.of(options().settings());
        List<LedgerEntry> entries = List.of();
        try (Ledger ledger = Ledger.openExisting(database).orElse(null)) {
            if (ledger != null) {
                entries = ledger.history(new HistoryQuery(name, false, since, rejected, limit));
            }
        }
        if (json) {
            out().println(Json.writeIndented(
                    entries.stream().map(HistoryCommand::fields).toList()));
        } else {
            entries.forEach(this::print);
        }
        if (entries.isEmpty() && !json) {
            boolean all = since == null && !rejected;
            out().println(
                            name != null
                                    ? "The ledger knows no " + (all ? "file " : "such file ") + Printable.of(name) + "."
                                    : all ? "The ledger is empty." : "The ledger knows no such file.");
        }
        return entries.isEmpty() && name != null ? 1 : 0;
    }

    private static Map<String, Object> fields(LedgerEntry entry) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("key", entry.key());
        fields.put("route", entry.route());
        fields.put("source", entry.source());
        fields.put("bytes", entry.bytes());
        fields.put("records", entry.records());
        fields.put("results", entry.results());
        fields.put("rejected", entry.badRecords());
        fields.put("output", entry.output());
        fields.put("archived", entry.archived());
        fields.put("state", entry.state().name());
        fields.put("startedAt", entry.startedAt().toString());
        fields.put("finishedAt", entry.finishedAt().toString());
        fields.put("millis", entry.millis());
        fields.put("rejectedOutput", entry.rejectedOutput());
        fields.put("charset", entry.charset());
        fields.put("error", entry.error());
        fields.put("batch", entry.number());
        fields.put("lease", entry.lease());
        return fields;
    }

    private void print(LedgerEntry entry) {
        out().printf(
                        "%s  %s: %s: %s, %,d bytes, key %s%n",
                        TIME.format(entry.startedAt()),
                        entry.route(),
                        Printable.of(entry.source()),
                        entry.state().name().toLowerCase(java.util.Locale.ROOT),
                        entry.bytes(),
                        entry.key().substring(0, Math.min(8, entry.key().length())));
        if (entry.error() != null) {
            line("reason", entry.error());
        } else if (entry.records() > 0) {
            line(
                    "records",
                    "%,d good, %,d bad; results: %,d; %,d ms"
                            .formatted(entry.records(), entry.badRecords(), entry.results(), entry.millis()));
        }
        line("charset", entry.charset());
        line("output", entry.output());
        line("rejected", entry.rejectedOutput());
        line("archived", entry.archived());
    }

    private void line(String what, String value) {
        if (value != null) {
            out().printf("    %-9s %s%n", what, Printable.of(value));
        }
    }

    /** A time, or how long ago it was. */
    private static final class Since implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String value) {
            try {
                if (value.matches("[0-9]+[a-z]+")) {
                    return Instant.now().minusMillis(TimeUtils.toMilliSeconds(value));
                }
                LocalDateTime time = value.contains("T")
                        ? LocalDateTime.parse(value)
                        : LocalDate.parse(value).atStartOfDay();
                return time.atZone(ZoneId.systemDefault()).toInstant();
            } catch (IllegalArgumentException | DateTimeException e) {
                throw new TypeConversionException(
                        "'" + value + "' is no time such as 10m, 6h, 7d, 2026-11-24 or 2026-11-24T08:30.");
            }
        }
    }
}
