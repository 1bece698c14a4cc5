package dev.buzon.jmx;

import javax.management.openmbean.TabularData;

/** What became of every file: {@code dev.buzon:type=Ledger}. Null where it can't be read. */
public interface LedgerMBean {

    /** On disk. */
    Long getBytes();

    /** How many files there are in each state. */
    TabularData getRows();
}
