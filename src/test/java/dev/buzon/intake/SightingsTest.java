package dev.buzon.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buzon.home.Home;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** File systems whose clock is not ours. The quiet period is 2 s, and an inbox is listed each 250 ms. */
class SightingsTest {

    private static final Duration POLL = Duration.ofMillis(250);
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00.123456789Z");

    private final RouteSettings route = Settings.read(new Home(Path.of("none")), Path.of("routes"), new Properties())
            .route("invoices");
    private final FakeClocks clocks = new FakeClocks(NOON);
    private final Sightings sightings = new Sightings(route, clocks);

    /** A file that its sender writes to now. */
    private FileIdentity writtenNow(long size) {
        return new FileIdentity(1, size, FileTime.from(clocks.inboxTime()));
    }

    private boolean isSettled(FileIdentity file) {
        sightings.beginListing();
        return sightings.isSettled("a", file);
    }

    /** @return how long a file that nobody touches any more is waited for */
    private Duration wait(FileIdentity file) {
        Duration waited = Duration.ZERO;
        while (!isSettled(file)) {
            clocks.pass(POLL);
            waited = waited.plus(POLL);
        }
        return waited;
    }

    /** A sender that goes on writing is never thought to have finished. */
    private FileIdentity writeForTenSeconds() {
        FileIdentity file = null;
        for (int size = 0; size < 10; size++) {
            file = writtenNow(size);
            for (int poll = 0; poll < 4; poll++) {
                assertThat(isSettled(file)).isFalse();
                clocks.pass(POLL);
            }
        }
        return file;
    }

    @ParameterizedTest
    @ValueSource(longs = {-86_400, -3, 0, 3, 86_400})
    void takesAFileOnceItIsQuietHoweverFarTheFileSystemsClockIsFromOurs(long seconds) {
        clocks.jump(Duration.ofSeconds(seconds));

        FileIdentity file = writeForTenSeconds();

        assertThat(wait(file)).isEqualTo(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(longs = {-86_400, -3, 0, 3, 86_400})
    void takesABacklogThatIsFoundAtTheStartAtOnce(long seconds) {
        clocks.jump(Duration.ofSeconds(seconds));
        FileIdentity file = writtenNow(1);
        clocks.pass(Duration.ofSeconds(2));

        assertThat(isSettled(file)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {-86_400, -3, 3, 86_400})
    void believesNoChangeTimeForAQuietPeriodAfterTheClockHasJumped(long seconds) {
        FileIdentity file = writeForTenSeconds();

        clocks.jump(Duration.ofSeconds(seconds));

        // Seen for a second by then, and written to again.
        assertThat(isSettled(file)).isFalse();
        FileIdentity again = writtenNow(100);
        assertThat(wait(again)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void believesChangeTimesAgainAQuietPeriodAfterAJump() {
        isSettled(writtenNow(1));
        clocks.jump(Duration.ofHours(1));
        isSettled(writtenNow(2));
        clocks.pass(Duration.ofSeconds(1));
        FileIdentity after = writtenNow(3);
        clocks.pass(Duration.ofSeconds(2));

        assertThat(isSettled(after)).isTrue();
    }

    @Test
    void countsAChangeTimeInTheFutureNeverAndTheTimeItIsSeenAlways() {
        FileIdentity ahead = new FileIdentity(1, 1, FileTime.from(NOON.plus(Duration.ofDays(1))));

        assertThat(wait(ahead)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void goesByWhatItHasSeenIfTheFileSystemsClockCanNotBeTold() {
        clocks.tellNoInboxTime();
        FileIdentity old = new FileIdentity(1, 1, FileTime.from(Instant.EPOCH));

        assertThat(wait(old)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void allowsForAFileSystemThatKeepsWholeSecondsOnly() {
        FileIdentity file = new FileIdentity(1, 1, FileTime.from(Instant.parse("2026-11-26T12:00:00Z")));
        clocks.pass(Duration.ofSeconds(2));

        assertThat(isSettled(file)).isFalse();
        clocks.pass(Duration.ofSeconds(2));
        assertThat(isSettled(file)).isTrue();
    }

    @Test
    void forgetsWhatIsNotInTheInboxAnyMore() {
        clocks.tellNoInboxTime();
        FileIdentity file = writtenNow(1);
        isSettled(file);

        // Gone, and back as it was.
        sightings.beginListing();
        sightings.beginListing();
        clocks.pass(Duration.ofSeconds(2));

        assertThat(isSettled(file)).isFalse();
    }

    @Test
    void remembersNoMoreThanItHasRoomForAndTakesTheOthersLater() {
        clocks.tellNoInboxTime();
        FileIdentity file = writtenNow(1);
        for (int listing = 0; listing < 3; listing++) {
            sightings.beginListing();
            for (int i = 0; i < 200_000; i++) {
                sightings.isSettled(Integer.toString(i), file);
            }
            assertThat(sightings.size()).isBetween(50_000, 100_000);
        }

        clocks.pass(Duration.ofSeconds(2));

        sightings.beginListing();
        assertThat(sightings.isSettled("0", file)).isTrue();
        assertThat(sightings.isSettled("199999", file)).isFalse();
        clocks.pass(Duration.ofSeconds(2));
        sightings.beginListing();
        sightings.isSettled("199999", file);
        clocks.pass(Duration.ofSeconds(2));
        sightings.beginListing();
        assertThat(sightings.isSettled("199999", file)).isTrue();
    }
}
