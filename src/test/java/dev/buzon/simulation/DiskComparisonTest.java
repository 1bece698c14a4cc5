package dev.buzon.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether the simulated disk does what the real one does. */
class DiskComparisonTest {

    private static final int PROGRAMS = 200;
    private static final int STEPS = 120;
    /** A link in the middle of a path that goes up again can lead above the base, but not that far. */
    private static final String DEPTH = "/1/2/3/4/5/6/7/8";

    @TempDir
    private Path real;

    @Test
    void aRandomProgramComesToTheSameOnTheSimulatedDiskAndOnTheRealOne() throws IOException {
        assumeTrue(
                (Integer) Files.getAttribute(real, "unix:uid") == 0, "skipped, as another user some steps are refused");

        for (int seed = 0; seed < PROGRAMS; seed++) {
            Path realBase = Files.createDirectories(real.resolve("program-" + seed + DEPTH));
            SimulatedDisk disk = new SimulatedDisk(
                    new DiskHabits(DiskHabits.Order.values()[seed % 3], Duration.ofNanos(1), seed % 2 == 0),
                    InstantSource.system(),
                    new TestCalls());
            Path simulatedBase = Files.createDirectories(disk.path(realBase.toString()));

            assertThat(RandomProgram.run(simulatedBase, seed, STEPS))
                    .describedAs("program %s", seed)
                    .isEqualTo(RandomProgram.run(realBase, seed, STEPS));
        }
    }
}
