package dev.buzon.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buzon.home.Disk;
import dev.buzon.simulation.DiskHabits.Order;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a simulated disk has after its power was cut, or after a force that failed. */
class PowerCutTest extends DiskFixture {

    @Test
    void whatNobodyForcedMayBeLostAndIsSaid() throws IOException {
        boolean isLost = false;
        boolean isKept = false;
        for (int seed = 0; seed < 100; seed++) {
            makeDisk(Order.IN_ORDER, false);
            Path file = Files.writeString(home.resolve("a"), "0123456789");

            String lost = disk.cutPower(choice(seed));

            if (Files.notExists(file)) {
                assertThat(lost).isEqualTo("lost: create /home/a");
                isLost = true;
            } else if (Files.readString(file).equals("0123456789")) {
                assertThat(lost).isEqualTo("lost nothing");
                isKept = true;
            } else {
                assertThat(lost).startsWith("lost: content of /home/a: ").contains(" of 10 bytes");
            }
        }
        assertThat(isLost && isKept).isTrue();
    }

    @Test
    void aForcedFileInAForcedFolderIsWholeInEachOrder() throws IOException {
        for (int seed = 0; seed < 300; seed++) {
            makeDisk(Order.values()[seed % 3], false);
            Path folder = Files.createDirectory(home.resolve("folder"));
            Disk.force(home);
            Path file = Files.writeString(folder.resolve("a"), "whole");
            Disk.force(file);
            Disk.force(folder);
            Files.writeString(folder.resolve("b"), "part");
            append(file, " and more");

            disk.cutPower(choice(seed));

            assertThat(Files.readString(file)).startsWith("whole");
        }
    }

    @Test
    void aForcedFileWithoutItsNameMayBeLost() throws IOException {
        boolean isLost = false;
        for (int seed = 0; seed < 50; seed++) {
            makeDisk(Order.IN_ORDER, false);
            Path file = Files.writeString(home.resolve("a"), "text");
            Disk.force(file);

            disk.cutPower(choice(seed));

            isLost |= Files.notExists(file);
            assertThat(Files.notExists(file) || Files.readString(file).equals("text"))
                    .isTrue();
        }
        assertThat(isLost).isTrue();
    }

    @Test
    void inOrderNoLaterChangeIsThereWithoutAnEarlierOne() throws IOException {
        for (int seed = 0; seed < 300; seed++) {
            makeDisk(Order.IN_ORDER, false);
            for (int i = 0; i < 10; i++) {
                Files.createDirectory(home.resolve("folder-" + i));
            }

            disk.cutPower(choice(seed));

            boolean isMissing = false;
            for (int i = 0; i < 10; i++) {
                boolean isThere = Files.exists(home.resolve("folder-" + i));
                assertThat(isThere && isMissing).isFalse();
                isMissing = !isThere;
            }
        }
    }

    @Test
    void inAnyOrderALaterChangeCanBeThereWithoutAnEarlierOneOfAnotherName() throws IOException {
        boolean isOvertaken = false;
        for (int seed = 0; seed < 100; seed++) {
            makeDisk(Order.ANY_ORDER, false);
            Files.createDirectory(home.resolve("first"));
            Files.createDirectory(home.resolve("second"));

            disk.cutPower(choice(seed));

            isOvertaken |= Files.exists(home.resolve("second")) && Files.notExists(home.resolve("first"));
        }
        assertThat(isOvertaken).isTrue();
    }

    @Test
    void inAnyOrderForcingAFolderForcesWhatItsChangesNeed() throws IOException {
        for (int seed = 0; seed < 300; seed++) {
            makeDisk(Order.ANY_ORDER, false);
            Path from = Files.createDirectory(home.resolve("from"));
            Path to = Files.createDirectory(home.resolve("to"));
            Disk.force(home);
            Files.createDirectory(from.resolve("a"));
            Files.move(from.resolve("a"), from.resolve("b"));
            Files.move(from.resolve("b"), to.resolve("c"));
            Files.createDirectory(from.resolve("other"));
            Disk.force(to);

            disk.cutPower(choice(seed));

            assertThat(to.resolve("c")).exists();
            assertThat(from.resolve("a")).doesNotExist();
            assertThat(from.resolve("b")).doesNotExist();
        }
    }

    @Test
    void aRemovedFolderTakesNothingWithItThatWasMovedOutOfIt() throws IOException {
        for (int seed = 0; seed < 300; seed++) {
            makeDisk(Order.ANY_ORDER, false);
            Path folder = Files.createDirectory(home.resolve("folder"));
            Files.createFile(folder.resolve("a"));
            Disk.force(home);
            Disk.force(folder);
            Files.move(folder.resolve("a"), home.resolve("b"));
            Files.delete(folder);

            disk.cutPower(choice(seed));

            assertThat(Files.exists(folder.resolve("a")) ^ Files.exists(home.resolve("b")))
                    .isTrue();
        }
    }

    @Test
    void atOnceNamesNeedNoForceAndContentsDo() throws IOException {
        boolean isWhole = true;
        for (int seed = 0; seed < 50; seed++) {
            makeDisk(Order.AT_ONCE, false);
            Path file = Files.writeString(home.resolve("a"), "text");

            disk.cutPower(choice(seed));

            assertThat(file).exists();
            isWhole &= Files.readString(file).equals("text");
        }
        assertThat(isWhole).isFalse();
    }

    @Test
    void aMoveNeverLeavesAFileInTwoPlacesOrInNone() throws IOException {
        for (int seed = 0; seed < 600; seed++) {
            makeDisk(Order.values()[seed % 3], seed % 2 == 0);
            Path other = Files.createDirectory(home.resolve("other"));
            Files.writeString(home.resolve("0"), "moved");
            Files.writeString(other.resolve("0"), "replaced");
            Disk.force(home.resolve("0"));
            Disk.force(other.resolve("0"));
            Disk.force(other);
            Disk.force(home);
            Random random = choice(seed);
            Path at = home.resolve("0");
            for (int i = 0; i < 8; i++) {
                Path next = (random.nextBoolean() ? home : other).resolve(random.nextInt(3) + "");
                Files.move(at, next, StandardCopyOption.ATOMIC_MOVE);
                at = next;
            }

            disk.cutPower(random);

            int count = 0;
            for (int i = 0; i < 3; i++) {
                for (Path path : List.of(home.resolve(i + ""), other.resolve(i + ""))) {
                    count += Files.exists(path) && Files.readString(path).equals("moved") ? 1 : 0;
                }
            }
            assertThat(count).isEqualTo(1);
        }
    }

    @Test
    void foldersThatAreMovedIntoEachOtherAreNeverLost() throws IOException {
        for (int seed = 0; seed < 500; seed++) {
            makeDisk(Order.ANY_ORDER, false);
            Path a = Files.createDirectory(home.resolve("a"));
            Path b = Files.createDirectory(home.resolve("b"));
            Disk.force(home);
            Files.move(a, b.resolve("a"));
            Files.move(b.resolve("a"), a);
            Files.move(b, a.resolve("b"));

            disk.cutPower(choice(seed));

            try (var all = Files.walk(home)) {
                assertThat(all.count()).isEqualTo(3);
            }
        }
    }

    @Test
    void afterAPowerCutAllCountsAsForced() throws IOException {
        for (int seed = 0; seed < 50; seed++) {
            makeDisk(Order.ANY_ORDER, true);
            for (int i = 0; i < 5; i++) {
                Files.writeString(home.resolve("a" + i), "text " + i);
            }
            disk.cutPower(choice(seed));
            List<String> first = RandomProgram.state(home);

            assertThat(disk.cutPower(choice(seed + 1))).isEqualTo("lost nothing");
            assertThat(RandomProgram.state(home)).isEqualTo(first);
        }
    }

    @Test
    void aSecondNameCountsAfterAPowerCut() throws IOException {
        Path file = Files.createFile(home.resolve("a"));
        Files.createLink(home.resolve("b"), file);
        Disk.force(home);
        Files.delete(file);

        for (int seed = 0; seed < 10; seed++) {
            disk.cutPower(choice(seed));
        }

        int names = Files.exists(file) ? 2 : 1;
        assertThat(Files.getAttribute(home.resolve("b"), "unix:nlink")).isEqualTo(names);
    }

    @Test
    void whatAFailedForceLostIsReadUntilItIsEvictedAndNoLaterForceSavesIt() throws IOException {
        Path file = Files.writeString(home.resolve("a"), "kept");
        Disk.force(file);
        Disk.force(home);
        append(file, " lost");
        calls.failNext(Act.FORCE, Fault.IO);

        assertThatThrownBy(() -> Disk.force(file))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("Input/output error");
        Disk.force(file);

        assertThat(file).hasContent("kept lost");
        assertThat(disk.cutPower(new Random(1))).isEqualTo("lost: content of /home/a: 4 of 9 bytes");
        assertThat(file).hasContent("kept");
    }

    @Test
    void afterAnEvictionReadersSeeWhatTheDiskHas() throws IOException {
        Path file = Files.writeString(home.resolve("a"), "text");
        calls.failNext(Act.FORCE, Fault.NO_SPACE);
        assertThatThrownBy(() -> Disk.force(file)).hasMessage("No space left on device");

        for (int seed = 0; seed < 20; seed++) {
            disk.evict(choice(seed));
        }

        assertThat(Files.readString(file)).isIn("", "\0\0\0\0");
    }

    @Test
    void whatIsWrittenAnewAfterAFailedForceCanBeForced() throws IOException {
        Path file = Files.writeString(home.resolve("a"), "text");
        Disk.force(home);
        calls.failNext(Act.FORCE, Fault.IO);
        assertThatThrownBy(() -> Disk.force(file)).isInstanceOf(IOException.class);

        Files.writeString(file, "TE", StandardOpenOption.WRITE);
        Disk.force(file);
        disk.cutPower(new Random(1));

        assertThat(file).hasContent("TE");
    }

    @Test
    void aFolderThatCouldNotBeForcedCanBeForcedAgain() throws IOException {
        Path file = Files.createFile(home.resolve("a"));
        calls.failNext(Act.FORCE_FOLDER, Fault.IO);
        assertThatThrownBy(() -> Disk.force(home)).isInstanceOf(IOException.class);

        Disk.force(home);
        disk.cutPower(new Random(0));

        assertThat(file).exists();
    }

    @Test
    void noNumberIsGivenTwiceAfterAPowerCut() throws IOException {
        for (int seed = 0; seed < 300; seed++) {
            makeDisk(Order.values()[seed % 3], true);
            Files.createFile(home.resolve("a"));
            Disk.force(home);
            Files.delete(home.resolve("a"));
            Files.createFile(home.resolve("b"));
            Files.createFile(home.resolve("c"));
            disk.cutPower(choice(seed));
            Files.createFile(home.resolve("d"));

            List<Object> numbers = new ArrayList<>();
            try (var all = Files.list(home)) {
                for (Path path : all.toList()) {
                    numbers.add(inode(path));
                }
            }
            assertThat(numbers).doesNotHaveDuplicates();
        }
    }

    @Test
    void aPowerCutClosesWhatWasOpen() throws IOException {
        Path file = Files.createFile(home.resolve("a"));
        Disk.force(home);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            disk.cutPower(new Random(0));

            assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void theSameHappensEachTime() throws IOException {
        List<String> first = history();

        assertThat(history()).isEqualTo(first);
    }

    private List<String> history() throws IOException {
        makeDisk(Order.ANY_ORDER, true);
        List<String> told = RandomProgram.run(home, 5, 300);
        told.add(disk.cutPower(new Random(5)));
        told.addAll(RandomProgram.state(home));
        return told;
    }
}
