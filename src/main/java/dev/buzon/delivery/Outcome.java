package dev.buzon.delivery;

import java.util.List;

/**
 * What a job says of a file that it worked on. What it made lies in the delivery's staging.
 *
 * @param records how many good records the file held
 * @param results what came of them
 * @param resultsInLedger whether the results are the rows that the change touches, counted by the commit
 * @param rejected how many bad records were staged
 * @param warnings what a person ought to know of the good records
 * @param change what the job changes in the ledger
 */
public record Outcome(
        Tally records,
        Tally results,
        boolean resultsInLedger,
        long rejected,
        List<String> warnings,
        LedgerChange change) {

    /** The results are a staged file. */
    public static Outcome staged(Tally records, Tally results, long rejected, List<String> warnings) {
        return new Outcome(records, results, false, rejected, warnings, LedgerChange.NONE);
    }

    /** The results are rows of the ledger, called by these names. */
    public static Outcome inLedger(Tally records, String result, String results, long rejected, LedgerChange change) {
        return new Outcome(records, new Tally(0, result, results), true, rejected, List.of(), change);
    }

    Outcome withResults(long count) {
        return new Outcome(
                records,
                new Tally(count, results.singular(), results.plural()),
                resultsInLedger,
                rejected,
                warnings,
                change);
    }
}
