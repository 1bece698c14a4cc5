package dev.buzon.simulation;

import dev.buzon.home.Disk;
import dev.buzon.simulation.DiskHabits.Order;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;

/** A simulated disk with an empty folder that is forced, and a clock that a test sets. */
abstract class DiskFixture {

    final TestCalls calls = new TestCalls();
    Instant time = Instant.parse("2026-01-01T00:00:00Z");
    SimulatedDisk disk;
    Path home;

    @BeforeEach
    void makeDisk() throws IOException {
        makeDisk(Order.IN_ORDER, false);
    }

    void makeDisk(Order order, boolean reusesInodes) throws IOException {
        disk = new SimulatedDisk(new DiskHabits(order, Duration.ofMillis(4), reusesInodes), () -> time, calls);
        home = Files.createDirectory(disk.path("/home"));
        Disk.force(disk.path("/"));
    }

    /** The first numbers of neighbouring seeds are much alike. */
    static Random choice(int seed) {
        return new Random(seed * 0x9E3779B97F4A7C15L);
    }

    static void append(Path path, String text) throws IOException {
        Files.writeString(path, text, StandardOpenOption.APPEND);
    }

    static Object inode(Path path) throws IOException {
        return Files.getAttribute(path, "unix:ino");
    }
}
