package dev.buzon.jmx;

import dev.buzon.monitor.LedgerStatus;
import dev.buzon.monitor.Monitor;
import javax.management.openmbean.TabularData;

record LedgerBean(Monitor monitor) implements LedgerMBean {

    @Override
    public Long getBytes() {
        LedgerStatus ledger = monitor.ledger();
        return ledger == null ? null : (Long) ledger.bytes();
    }

    @Override
    public TabularData getRows() {
        LedgerStatus ledger = monitor.ledger();
        return ledger == null ? null : OpenData.table(ledger.rows(), "state", "rows");
    }
}
