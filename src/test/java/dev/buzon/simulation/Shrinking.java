package dev.buzon.simulation;

import java.util.ArrayList;
import java.util.List;

/** Makes a plan that fails shorter, as long as it fails in the same way. */
final class Shrinking {

    private static final int LONGEST_SIGNATURE = 40;

    private final Simulation simulation;
    private final String signature;
    private Plan shortest;

    private Shrinking(Simulation simulation, Simulation.Outcome failed) {
        this.simulation = simulation;
        this.signature = signature(failed);
        this.shortest = failed.plan();
    }

    /** @return the history of the shortest plan that was found */
    static Simulation.Outcome of(Simulation simulation, Simulation.Outcome failed) {
        Shrinking shrinking = new Shrinking(simulation, failed);
        shrinking.shrink();
        return simulation.run(shrinking.shortest, true);
    }

    /** What a failure is about, without the names of files. */
    static String signature(Simulation.Outcome failed) {
        String text = failed.failure().getClass().getSimpleName() + ": "
                + failed.failure().getMessage();
        String general = text.lines().findFirst().orElse("").replaceAll("[0-9a-f]{8,}|/[^ ]+|[0-9]+", "#");
        return general.substring(0, Math.min(LONGEST_SIGNATURE, general.length()));
    }

    private void shrink() {
        Plan before;
        do {
            before = shortest;
            simplifySetup();
            dropHappenings();
            bringCloser();
        } while (!before.equals(shortest));
    }

    private boolean tryWith(Plan plan) {
        Simulation.Outcome outcome = simulation.run(plan);
        if (outcome.isRight() || !signature(outcome).equals(signature)) {
            return false;
        }
        shortest = plan;
        return true;
    }

    private void dropHappenings() {
        for (int size = Math.max(1, shortest.happenings().size() / 2); size > 0; size /= 2) {
            for (int from = 0; from < shortest.happenings().size(); ) {
                List<Happening> rest = new ArrayList<>(shortest.happenings());
                rest.subList(from, Math.min(from + size, rest.size())).clear();
                if (!tryWith(new Plan(shortest.setup(), rest))) {
                    from += size;
                }
            }
        }
    }

    private void bringCloser() {
        for (int i = 0; i < shortest.happenings().size(); i++) {
            Happening happening = shortest.happenings().get(i);
            if (happening.act() != null) {
                replace(i, new Happening(happening.what(), 0, null, happening.seed()));
            }
            for (int after : new int[] {0, 1, happening.after() / 2, happening.after() - 1}) {
                Happening now = shortest.happenings().get(i);
                if (after >= 0
                        && after < now.after()
                        && replace(i, new Happening(now.what(), after, now.act(), now.seed()))) {
                    break;
                }
            }
        }
    }

    private boolean replace(int place, Happening happening) {
        List<Happening> all = new ArrayList<>(shortest.happenings());
        all.set(place, happening);
        return tryWith(new Plan(shortest.setup(), all));
    }

    private void simplifySetup() {
        String[] simple = Setup.SIMPLE.toString().split(" ");
        for (int i = 0; i < simple.length; i++) {
            String[] words = shortest.setup().toString().split(" ");
            words[i] = simple[i];
            Setup simpler = Setup.parse(String.join(" ", words));
            if (!simpler.equals(shortest.setup())) {
                tryWith(new Plan(simpler, shortest.happenings()));
            }
        }
    }
}
