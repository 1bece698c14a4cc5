package dev.buzon.monitor;

import java.util.Map;

/**
 * The ledger, at a glance.
 *
 * @param bytes on disk
 * @param rows files by their state, such as ARCHIVED or DUPLICATE
 */
public record LedgerStatus(long bytes, Map<String, Long> rows) {}
