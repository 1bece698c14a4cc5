package dev.buzon.bizum;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which cells of a record hold what: as usual, or as a header says. The names of a header are compared without the case
 * of letters, accents and spaces around them.
 *
 * @param count how many columns there are, those among them that nobody asks for
 */
record Columns(int name, int amount, int concept, int count) {

    static final Columns USUAL = new Columns(0, 1, 2, 3);

    private static final List<String> NAMES = List.of("Nombre", "Cantidad", "Concepto");
    private static final List<String> FOLDED = NAMES.stream().map(Columns::fold).toList();
    /** No header has more: a line may have a million cells. */
    private static final int MOST_COLUMNS = 1_000;

    private static final int MOST_SHOWN = 150;

    private static final class Patterns {
        static final Pattern MARKS = Pattern.compile("\\p{M}+");
        static final Pattern SPACES = Pattern.compile("[\\s\\p{Z}]+");
    }

    /** The columns of a header; null if it lacks one of them, or has one twice. */
    static Columns of(List<String> cells) {
        List<String> folded = foldedWithoutEmptyEnd(cells);
        List<Integer> places = new ArrayList<>();
        for (String name : FOLDED) {
            int place = folded.indexOf(name);
            if (place < 0 || place != folded.lastIndexOf(name)) {
                return null;
            }
            places.add(place);
        }
        return new Columns(places.get(0), places.get(1), places.get(2), folded.size());
    }

    /** Whether the cells are as many, but for empty ones after them. */
    boolean fit(List<String> cells) {
        return cells.size() >= count
                && cells.subList(count, cells.size()).stream().allMatch(String::isBlank);
    }

    /**
     * Whether the cells, which are no bizum, are a header or a part of one that says something else.
     *
     * @param first whether nothing comes before them in the file
     */
    boolean isContradictedBy(List<String> cells, boolean first) {
        List<String> folded = foldedWithoutEmptyEnd(cells);
        long known = folded.stream().filter(FOLDED::contains).count();
        boolean header = known > 1 || known == 1 && first && !hasDigit(folded);
        return header && !(begins(folded, name, 0) && begins(folded, amount, 1) && begins(folded, concept, 2));
    }

    /** Why a header can't be read. */
    static String problem(List<String> cells) {
        String shown = String.join(";", cells).replace('"', '\'');
        List<String> folded = foldedWithoutEmptyEnd(cells);
        List<String> missing =
                NAMES.stream().filter(name -> !folded.contains(fold(name))).toList();
        return "the header \"" + (shown.length() > MOST_SHOWN ? shown.substring(0, MOST_SHOWN) + "…" : shown) + "\" "
                + (missing.isEmpty() ? "has a column twice" : "lacks " + String.join(", ", missing));
    }

    private static boolean begins(List<String> folded, int place, int name) {
        return place < folded.size() && folded.get(place).startsWith(FOLDED.get(name));
    }

    private static boolean hasDigit(List<String> cells) {
        return cells.stream().anyMatch(cell -> cell.chars().anyMatch(c -> c >= '0' && c <= '9'));
    }

    private static List<String> foldedWithoutEmptyEnd(List<String> cells) {
        List<String> folded = new ArrayList<>(
                cells.stream().limit(MOST_COLUMNS).map(Columns::fold).toList());
        while (!folded.isEmpty() && folded.get(folded.size() - 1).isEmpty()) {
            folded.remove(folded.size() - 1);
        }
        return folded;
    }

    private static String fold(String cell) {
        String bare = Patterns.MARKS
                .matcher(Normalizer.normalize(cell, Normalizer.Form.NFD))
                .replaceAll("");
        return Patterns.SPACES.matcher(bare).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
    }
}
