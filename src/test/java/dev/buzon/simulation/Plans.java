package dev.buzon.simulation;

import dev.buzon.home.CleanSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Makes a plan of a seed. Each plan has some kinds of happenings and not others: what is rare among all of them meets
 * more often so.
 */
final class Plans {

    /** The acts at which something may go wrong that goes right anywhere else. */
    private static final List<Act> POINTS = List.of(
            Act.FORCE,
            Act.FORCE_FOLDER,
            Act.MOVE,
            Act.MOVE,
            Act.COMMIT,
            Act.COMMIT,
            Act.COMMIT_UNFORCED,
            Act.BEGIN,
            Act.DELETE,
            Act.CREATE,
            Act.READ,
            Act.MAKE_FOLDER,
            Act.SELECT);

    private static final List<What> TROUBLE = List.of(
            What.KILL,
            What.POWER_CUT,
            What.DISK_FAULT,
            What.DATABASE_FAULT,
            What.STALL,
            What.STALL_THREAD,
            What.STOP,
            What.EVICT,
            What.VANISH,
            What.SET_CLOCK);

    private static final List<What> PEOPLE =
            List.of(What.RESEND, What.MEDDLE, What.MEDDLE, What.OCCUPY, What.CONSUME, What.REPLAY, What.CLEAN);

    private Plans() {}

    static Plan of(long seed) {
        Random random = new Random(mixed(seed));
        Setup setup = setup(random);
        if (setup.ledger() > LedgerImages.NONE && setup.ledger() < LedgerImages.NEWEST) {
            setup = setup.withHandledBefore(new Random(seed).nextInt(4));
        }
        Set<What> kinds = EnumSet.of(What.DROP);
        chooseFrom(TROUBLE, 1 + random.nextInt(4), random, kinds);
        chooseFrom(PEOPLE, random.nextInt(4), random, kinds);
        List<What> trouble = TROUBLE.stream().filter(kinds::contains).toList();
        List<What> people = PEOPLE.stream().filter(kinds::contains).toList();
        int files = files(random);
        int troubles = 1 + random.nextInt(8);
        List<Happening> happenings = new ArrayList<>();
        for (int i = 0; i < files; i++) {
            boolean beside = random.nextInt(100) < 70;
            happenings.add(new Happening(
                    What.DROP, beside ? random.nextInt(3) : random.nextInt(120), null, random.nextInt(1 << 30)));
            if (!people.isEmpty() && random.nextInt(100) < 30) {
                happenings.add(at(people.get(random.nextInt(people.size())), random));
            }
            if (random.nextInt(files) < troubles) {
                happenings.add(at(trouble.get(random.nextInt(trouble.size())), random));
            }
        }
        return new Plan(setup, happenings);
    }

    private static int files(Random random) {
        int size = random.nextInt(100);
        if (size < 50) {
            return 2 + random.nextInt(10);
        }
        return size < 90 ? 10 + random.nextInt(50) : 60 + random.nextInt(90);
    }

    private static Happening at(What what, Random random) {
        if (random.nextInt(100) < 40) {
            Act point = POINTS.get(random.nextInt(POINTS.size()));
            return new Happening(what, random.nextInt(4), point, random.nextInt(1 << 30));
        }
        return new Happening(what, random.nextInt(random.nextBoolean() ? 20 : 200), null, random.nextInt(1 << 30));
    }

    private static void chooseFrom(List<What> all, int count, Random random, Set<What> chosen) {
        for (int i = 0; i < count; i++) {
            chosen.add(all.get(random.nextInt(all.size())));
        }
    }

    private static Setup setup(Random random) {
        int clean = random.nextInt(6);
        List<CleanSource> cleanSource = clean < 4
                ? List.of(CleanSource.ARCHIVE, CleanSource.ARCHIVE)
                : List.of(oneOf(random, CleanSource.values()), oneOf(random, CleanSource.values()));
        return new Setup(
                random.nextInt(3) == 0,
                oneOf(random, DiskHabits.Order.values()),
                oneOf(random, 0, 0, 0, 1, 1_000, 2_000),
                random.nextInt(3) == 0,
                cleanSource,
                oneOf(random, 1, 2, 5, 50),
                random.nextInt(4) == 0,
                random.nextInt(3) == 0,
                random.nextInt(5) == 0 ? random.nextInt(LedgerImages.NEWEST) : LedgerImages.NEWEST,
                0,
                oneOf(random, 0, 0, 0, 3_600_000, -3_600_000, 1_500));
    }

    @SafeVarargs
    private static <T> T oneOf(Random random, T... all) {
        return all[random.nextInt(all.length)];
    }

    /** Seeds that are next to each other begin alike otherwise. */
    private static long mixed(long seed) {
        long mixed = (seed ^ seed >>> 33) * 0xFF51AFD7ED558CCDL;
        mixed = (mixed ^ mixed >>> 33) * 0xC4CEB9FE1A85EC53L;
        return mixed ^ mixed >>> 33;
    }
}
