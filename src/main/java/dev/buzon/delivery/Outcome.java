package dev.buzon.delivery;

import java.util.List;

/**
 * What a job says of a file that it worked on. What it made lies in the delivery's staging.
 *
 * @param records how many good records the file held
 * @param results what came of them
 * @param resultsInLedger whether the results are the rows that the change touches, counted by the commit
 * @param rejected how many bad records were staged
 * @param reasons why they are bad
 * @param warnings what a person ought to know of the good records
 * @param change what the job changes in the ledger
 * @param charset what the file was read in, by its IANA name; null where the job doesn't say
 */
public record Outcome(
        Tally records,
        Tally results,
        boolean resultsInLedger,
        long rejected,
        Reasons reasons,
        List<String> warnings,
        LedgerChange change,
        String charset) {

    /** The results are a staged file. */
    public static Outcome staged(Tally records, Tally results, long rejected, List<String> warnings) {
        return new Outcome(records, results, false, rejected, new Reasons(), warnings, LedgerChange.NONE, null);
    }

    /** The results are rows of the ledger, called by these names. */
    public static Outcome inLedger(Tally records, String result, String results, long rejected, LedgerChange change) {
        return new Outcome(
                records, new Tally(0, result, results), true, rejected, new Reasons(), List.of(), change, null);
    }

    /** @param name the charset's IANA name */
    public Outcome readIn(String name) {
        return new Outcome(records, results, resultsInLedger, rejected, reasons, warnings, change, name);
    }

    /** @param why of the bad records; null where there is none */
    public Outcome because(Reasons why) {
        return why == null
                ? this
                : new Outcome(records, results, resultsInLedger, rejected, why, warnings, change, charset);
    }

    Outcome withResults(long count) {
        return new Outcome(
                records,
                new Tally(count, results.singular(), results.plural()),
                resultsInLedger,
                rejected,
                reasons,
                warnings,
                change,
                charset);
    }
}
