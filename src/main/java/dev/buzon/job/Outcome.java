package dev.buzon.job;

import java.io.Serializable;
import java.util.List;

/** What a job says of one file that it was handed. */
public sealed interface Outcome extends Serializable {

    /**
     * Says that a file was read, and that its results are a file which the job has staged; none is staged if there are no
     * results.
     *
     * @param records how many good records the file held
     * @param results what came of them
     */
    static Handled handled(Tally records, Tally results) {
        return new Handled(records, results, false, BadRecords.Summary.NONE, List.of(), LedgerChange.NONE, null);
    }

    /**
     * Says that a file was read, and that its results are the rows that a change of the ledger touches.
     *
     * @param records how many good records the file held
     * @param result what one row is called, as in "1 new highest"
     * @param results what several are called
     */
    static Handled inLedger(Tally records, String result, String results, LedgerChange change) {
        return new Handled(
                records, new Tally(0, result, results), true, BadRecords.Summary.NONE, List.of(), change, null);
    }

    /**
     * Says that nothing of a file can be read: it is rejected as a whole.
     *
     * @param reason for a person, with the line if there is one
     */
    static Unreadable unreadable(String reason) {
        return new Unreadable(reason);
    }

    /**
     * A file that was read. Made by {@link Outcome#handled} or {@link Outcome#inLedger}.
     *
     * @param changeIsResult whether the results are the rows that the change touches, counted by the commit
     * @param badRecords those that were staged
     * @param warnings what a person ought to know of the good records
     * @param change what the job changes in the ledger
     * @param charset what the file was read in, by its IANA name; null if the job doesn't say
     */
    record Handled(
            Tally records,
            Tally results,
            boolean changeIsResult,
            BadRecords.Summary badRecords,
            List<String> warnings,
            LedgerChange change,
            String charset)
            implements Outcome {

        /** Adds the bad records that were staged. */
        public Handled withBadRecords(BadRecords.Summary bad) {
            return new Handled(records, results, changeIsResult, bad, warnings, change, charset);
        }

        public Handled withWarnings(List<String> all) {
            return new Handled(records, results, changeIsResult, badRecords, List.copyOf(all), change, charset);
        }

        /** @param name the charset's IANA name */
        public Handled readIn(String name) {
            return new Handled(records, results, changeIsResult, badRecords, warnings, change, name);
        }

        /** The same with so many results, as the commit counted them. */
        public Handled withResults(long count) {
            Tally counted = new Tally(count, results.singular(), results.plural());
            return new Handled(records, counted, changeIsResult, badRecords, warnings, change, charset);
        }
    }

    /** A file of which nothing can be read. */
    record Unreadable(String reason) implements Outcome {

        /** @param reason null if the job knows none, as an exception without a message */
        public Unreadable {
            reason = reason == null ? "its job gives no reason" : reason;
        }
    }
}
