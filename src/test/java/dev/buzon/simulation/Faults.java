package dev.buzon.simulation;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** The errors that the disk and the database give just now. */
final class Faults {

    private static final List<Act> OF_DATABASE = List.of(
            Act.CONNECT, Act.SELECT, Act.BEGIN, Act.STATEMENT, Act.COMMIT, Act.COMMIT, Act.COMMIT, Act.COMMIT_UNFORCED);
    private static final List<Act> OF_DISK = List.of(
            Act.LIST,
            Act.LOOK,
            Act.OPEN,
            Act.READ,
            Act.CREATE,
            Act.WRITE,
            Act.FORCE,
            Act.FORCE,
            Act.FORCE_FOLDER,
            Act.FORCE_FOLDER,
            Act.MOVE,
            Act.MOVE,
            Act.DELETE,
            Act.MAKE_FOLDER,
            Act.SET);

    private final SimulatedTime time;
    private final List<Rule> rules = new ArrayList<>();

    Faults(SimulatedTime time) {
        this.time = time;
    }

    private static final class Rule {
        private final List<Act> acts;
        private final Fault fault;
        private int times;
        private final long until;

        private Rule(List<Act> acts, Fault fault, int times, long until) {
            this.acts = acts;
            this.fault = fault;
            this.times = times;
            this.until = until;
        }

        @Override
        public String toString() {
            return fault + " at " + acts + (times == Integer.MAX_VALUE ? " for a while" : " " + times + " times");
        }
    }

    String addOfDisk(Random random) {
        int kind = random.nextInt(6);
        List<Act> acts = random.nextInt(5) == 0 ? OF_DISK : List.of(OF_DISK.get(random.nextInt(OF_DISK.size())));
        Fault fault = Fault.IO;
        if (kind == 0) {
            acts = List.of(Act.CREATE, Act.WRITE, Act.MAKE_FOLDER, Act.BEGIN);
            fault = Fault.NO_SPACE;
        } else if (kind == 1) {
            acts = List.of(Act.OPEN, Act.LIST, Act.CREATE, Act.FORCE, Act.FORCE_FOLDER);
            fault = Fault.TOO_MANY_OPEN;
        } else if (kind == 2) {
            fault = Fault.NO_ACCESS;
        }
        boolean once = random.nextInt(100) < 60;
        return add(new Rule(
                acts,
                fault,
                once ? 1 + random.nextInt(3) : Integer.MAX_VALUE,
                time.nanos() + TimeUnit.SECONDS.toNanos(once ? 600 : 1 + random.nextInt(60))));
    }

    String addOfDatabase(Random random) {
        Fault[] all = {
            Fault.REFUSED,
            Fault.IO,
            Fault.CONNECTION_LOST,
            Fault.ANSWER_LOST,
            Fault.ANSWER_LOST,
            Fault.LATE,
            Fault.LATE,
            Fault.NO_SPACE
        };
        List<Act> acts = List.of(OF_DATABASE.get(random.nextInt(OF_DATABASE.size())));
        Fault fault = all[random.nextInt(all.length)];
        int times = 1 + random.nextInt(2);
        if (random.nextInt(6) == 0) {
            acts = List.of(Act.COMMIT, Act.COMMIT_UNFORCED);
            fault = Fault.HANG;
        }
        return add(new Rule(acts, fault, times, time.nanos() + TimeUnit.SECONDS.toNanos(600)));
    }

    private String add(Rule rule) {
        rules.add(rule);
        return rule.toString();
    }

    Fault at(Act act) {
        if (rules.isEmpty()) {
            return Fault.NONE;
        }
        for (Iterator<Rule> all = rules.iterator(); all.hasNext(); ) {
            Rule rule = all.next();
            if (rule.until - time.nanos() < 0) {
                all.remove();
            } else if (rule.acts.contains(act)) {
                rule.times--;
                if (rule.times == 0) {
                    all.remove();
                }
                return rule.fault;
            }
        }
        return Fault.NONE;
    }

    void end() {
        rules.clear();
    }
}
