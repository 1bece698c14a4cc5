package dev.buzon.simulation;

import dev.buzon.home.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** The clocks of the simulated world: they go on when they are told to. */
final class SimulatedTime implements Time {

    private static final Instant BEGIN = Instant.parse("2026-11-01T12:00:00Z");

    private long nanos;
    private Duration offset = Duration.ZERO;
    private Duration offsetOfDisk = Duration.ZERO;

    /** @param offsetOfDisk how far the disk's clock is ahead of that of the day */
    SimulatedTime(Duration offsetOfDisk) {
        this.offsetOfDisk = offsetOfDisk;
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Instant now() {
        return BEGIN.plusNanos(nanos).plus(offset);
    }

    @Override
    public LocalDate today() {
        return LocalDate.ofInstant(now(), ZoneOffset.UTC);
    }

    /** By which the disk dates what is changed on it. */
    InstantSource ofDisk() {
        return () -> BEGIN.plusNanos(nanos).plus(offsetOfDisk);
    }

    /** By which a server of databases goes: nobody sets it. */
    long millisOfServer() {
        return BEGIN.plusNanos(nanos).toEpochMilli();
    }

    void pass(long more) {
        nanos += more;
    }

    /** Nothing, if that time is over. */
    void passTo(long then) {
        nanos = Math.max(nanos, then);
    }

    /** The clock of the day is set. */
    void jump(Duration by) {
        offset = offset.plus(by);
    }

    void jumpOfDisk(Duration by) {
        offsetOfDisk = offsetOfDisk.plus(by);
    }
}
