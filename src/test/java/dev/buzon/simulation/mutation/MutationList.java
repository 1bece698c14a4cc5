package dev.buzon.simulation.mutation;

import java.util.ArrayList;
import java.util.List;

/** Reads the list of mutations, whose form its first lines describe. */
final class MutationList {

    private static final String BY_PLAN = "its plan alone";

    private final List<Mutation> mutations = new ArrayList<>();
    private String name;
    private boolean inEachBuild;
    private boolean found;
    private int seeds;
    private String reason;
    private String madeGoodBy;
    private List<String> tests;
    private List<Mutation.Edit> edits;

    private MutationList() {}

    static List<Mutation> parse(String text) {
        MutationList list = new MutationList();
        text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(list::read);
        list.end();
        return list.mutations;
    }

    private void read(String line) {
        switch (line.substring(0, 2)) {
            case "= " -> begin(line.substring(2));
            case "? " -> found(line.substring(2));
            case "~ " -> inEachBuild = false;
            case "! " -> reason += line.substring(2) + " ";
            case "& " -> madeGoodBy = line.substring(2);
            case "* " -> tests.add(line.substring(2));
            case "@ " -> edits.add(new Mutation.Edit(line.substring(2), new ArrayList<>(), new ArrayList<>()));
            case "- " -> last().before().add(line.substring(2).strip());
            case "+ " -> last().after().add(line.substring(2));
            case "  " -> {
                last().before().add(line.strip());
                last().after().add(line);
            }
            default -> throw new IllegalStateException("The list of mutations can't be read: " + line);
        }
    }

    private void begin(String newName) {
        end();
        name = newName;
        inEachBuild = true;
        found = false;
        seeds = 0;
        reason = "";
        madeGoodBy = "";
        tests = new ArrayList<>();
        edits = new ArrayList<>();
    }

    private void found(String within) {
        found = true;
        seeds = within.equals(BY_PLAN) ? 0 : Integer.parseInt(within.replace(" seeds", ""));
    }

    private void end() {
        if (name != null) {
            if (edits.isEmpty() || found != reason.isEmpty()) {
                throw new IllegalStateException("It is found, or not found for a reason, by an edit: " + name);
            }
            mutations.add(new Mutation(name, inEachBuild, seeds, reason.strip(), madeGoodBy, tests, edits));
        }
    }

    private Mutation.Edit last() {
        return edits.get(edits.size() - 1);
    }
}
