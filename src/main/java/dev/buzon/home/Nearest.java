package dev.buzon.home;

import java.util.Collection;
import java.util.Comparator;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** What somebody may have meant. */
final class Nearest {

    private Nearest() {}

    /**
     * A question that ends a message; a full stop if there is nothing to ask for.
     *
     * @param word that is not known
     * @param known those that are
     */
    static String to(String word, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparing(
                        candidate -> LevenshteinDistance.getDefaultInstance().apply(word, candidate)))
                .map(nearest -> ": did you mean " + nearest + "?")
                .orElse(".");
    }
}
