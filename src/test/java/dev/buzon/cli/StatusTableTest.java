package dev.buzon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buzon.ledger.Totals;
import dev.buzon.monitor.HealthState;
import dev.buzon.monitor.RetryingFile;
import dev.buzon.monitor.Role;
import dev.buzon.monitor.RouteStatus;
import dev.buzon.monitor.RouteStatus.Waiting;
import dev.buzon.monitor.ServiceStatus;
import dev.buzon.monitor.Trouble;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusTableTest {

    private static final Instant NOW = Instant.parse("2026-11-24T08:00:00Z");

    private static String table(RouteStatus route) {
        return StatusTable.of(new ServiceStatus(
                null,
                "/tmp/" + "long/".repeat(40),
                1234567,
                NOW.minusSeconds(7200),
                NOW,
                Role.STANDBY,
                "a on " + "long-name".repeat(20),
                new HealthState("DOWN", List.of("x".repeat(200))),
                List.of(route),
                null));
    }

    @Test
    void fitsATerminalOfEightyColumnsWhateverTheNumbers() {
        Totals huge = new Totals(
                Long.MAX_VALUE, 999_999, 123_456_789_012L, Long.MAX_VALUE, Long.MAX_VALUE, 1, 1, NOW.minusSeconds(90));
        RouteStatus route = new RouteStatus(
                "a-route-with-a-long-name",
                "Suspended",
                new Waiting(1_234_567, 1, 1e9),
                List.of(new RetryingFile("name".repeat(50), "reason".repeat(50), NOW, 99_999, NOW, Trouble.WORLD)),
                huge,
                huge,
                Map.of("reason".repeat(30), Long.MAX_VALUE),
                huge.lastSuccess(),
                1e12,
                null);

        assertThat(table(route).lines()).allMatch(line -> line.codePointCount(0, line.length()) <= 80);
        assertThat(table(route)).contains("1.2M", "9.2E", "11574 d", "90 s ago", "tries");
    }

    @Test
    void saysWhatIsNotKnown() {
        RouteStatus route =
                new RouteStatus("invoices", "Started", null, List.of(), Totals.NONE, null, Map.of(), null, null, null);

        assertThat(table(route))
                .contains("invoices       started         ?        -")
                .contains("no file yet");
    }
}
