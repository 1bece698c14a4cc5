package dev.buzon.monitor;

import java.time.Instant;
import java.util.List;

/**
 * The service at a glance.
 *
 * @param version null where it runs unpackaged
 * @param pid of its process
 * @param now when this was seen
 * @param worker who works where several daemons share the ledger; null where this one needs no name
 * @param routes those that take files, by name
 * @param ledger null where it can't be read
 */
public record ServiceStatus(
        String version,
        String home,
        long pid,
        Instant startedAt,
        Instant now,
        Role role,
        String worker,
        HealthState health,
        List<RouteStatus> routes,
        LedgerStatus ledger) {}
