package dev.buzon.bizum;

import dev.buzon.intake.TextEncoding;
import dev.buzon.intake.TextFile;
import dev.buzon.intake.UnfitFileException;
import dev.buzon.job.BadRecords;
import dev.buzon.job.FileJob;
import dev.buzon.job.InputFile;
import dev.buzon.job.Outcome;
import dev.buzon.job.Snapshot;
import dev.buzon.job.Tally;
import dev.buzon.job.UnreadableFileException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The job of the bizums route: raises each person's highest bizum in the ledger to what a file holds. Neither the order
 * nor the repetition of files changes the result. Each route has a table of its own. Thread-safe.
 */
public final class HighestBizums extends FileJob implements Snapshot {

    private static final long serialVersionUID = 1L;

    private static final String BEGINS_A_FORMULA = "=+-@\t\r";

    private final int maxRecordBytes;
    private final boolean escapeFormulas;

    /**
     * @param maxRecordBytes a line that is longer is a bad record
     * @param escapeFormulas whether cells of the published file that a spreadsheet would take for a formula get a ' before
     *     them
     */
    public HighestBizums(int maxRecordBytes, boolean escapeFormulas) {
        this.maxRecordBytes = maxRecordBytes;
        this.escapeFormulas = escapeFormulas;
    }

    @Override
    protected Outcome handle(InputFile file) throws IOException {
        TextEncoding encoding = TextEncoding.guessedUnless(file.route(), file.charset());
        try (TextFile text = new TextFile(file.path(), encoding)) {
            return find(file, text);
        } catch (UnfitFileException e) {
            throw new UnreadableFileException(e.getMessage());
        }
    }

    private Outcome find(InputFile file, TextFile text) throws IOException {
        long bizums = 0;
        boolean header = false;
        Maxima maxima = new Maxima(file.scratch(".maxima"));
        BadRecords bad = new BadRecords(file.stagedBadRecords(), file.bound());
        try (bad;
                BizumReader reader = new BizumReader(
                        text::utf8, maxRecordBytes, text.charset().name())) {
            while (reader.next()) {
                try {
                    Bizum bizum = reader.bizum();
                    if (bizum == null) {
                        header = true;
                    } else {
                        maxima.add(bizum);
                        bizums++;
                    }
                } catch (BadBizumException e) {
                    bad.add(reader.line(), e.getMessage(), reader.text());
                }
            }
        }
        if (bizums == 0 && bad.summary().count() > 0) {
            throw new UnreadableFileException(
                    "no bizum can be read; the first, " + bad.summary().first());
        }
        if (bizums == 0 && !header) {
            throw new UnreadableFileException("the file holds no bizum");
        }
        return Outcome.inLedger(
                        new Tally(bizums, "bizum", "bizums"), "new highest", "new highest", maxima.raise(file.route()))
                .withBadRecords(bad.summary())
                .readIn(text.charset().name());
    }

    @Override
    public String fileName() {
        return "highest-bizums.csv";
    }

    @Override
    public String title() {
        return "Highest bizums";
    }

    @Override
    public String describe(long rows) {
        return "the highest of " + new Tally(rows, "person", "people");
    }

    @Override
    public List<String> columns() {
        return List.of("Nombre", "Cantidad", "Concepto");
    }

    @Override
    public long count(Connection ledger, String route) throws SQLException {
        try (PreparedStatement count = ledger.prepareStatement("SELECT count(*) FROM highest_bizum WHERE route = ?")) {
            count.setString(1, route);
            try (ResultSet row = count.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Highest first, then by name. */
    @Override
    public Iterator<List<String>> rows(Connection ledger, String route) throws SQLException {
        PreparedStatement select = ledger.prepareStatement(
                "SELECT person, cents, concept FROM highest_bizum WHERE route = ? ORDER BY cents DESC, person");
        select.closeOnCompletion();
        select.setString(1, route);
        ResultSet people = select.executeQuery();
        return new Iterator<>() {
            private List<String> next = read(people);

            @Override
            public boolean hasNext() {
                return next != null;
            }

            @Override
            public List<String> next() {
                if (next == null) {
                    throw new NoSuchElementException();
                }
                List<String> row = next;
                next = read(people);
                return row;
            }
        };
    }

    /** @return the next row; null at the end */
    private static List<String> read(ResultSet people) {
        try {
            return people.next()
                    ? List.of(
                            people.getString("person"),
                            Amount.format(people.getLong("cents")),
                            people.getString("concept"))
                    : null;
        } catch (SQLException e) {
            throw new IllegalStateException("The ledger doesn't answer: " + e.getMessage(), e);
        }
    }

    @Override
    public List<String> forFile(List<String> row) {
        return escapeFormulas ? row.stream().map(HighestBizums::withoutFormula).toList() : row;
    }

    private static String withoutFormula(String cell) {
        return !cell.isEmpty() && BEGINS_A_FORMULA.indexOf(cell.charAt(0)) >= 0 ? "'" + cell : cell;
    }
}
