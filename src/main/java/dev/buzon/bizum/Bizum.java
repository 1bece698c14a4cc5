package dev.buzon.bizum;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;

/**
 * A payment.
 *
 * @param person the name in the form in which names are compared
 */
record Bizum(String person, long cents, String concept) implements Serializable {

    /** In characters: a file of longer ones could outgrow the memory, and says something else than who paid for what. */
    private static final int MAX_NAME = 200;

    private static final int MAX_CONCEPT = 1_000;

    /** @throws BadBizumException with what is wrong of it */
    static Bizum of(String name, String amount, String concept) throws BadBizumException {
        String person = fold("Nombre", name, MAX_NAME);
        if (person.isEmpty()) {
            throw new BadBizumException("Nombre: missing");
        }
        String lowerCase = Normalizer.normalize(person, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        return new Bizum(
                Normalizer.normalize(lowerCase, Normalizer.Form.NFC),
                Amount.cents(amount),
                fold("Concepto", concept, MAX_CONCEPT));
    }

    /** Higher than another of the same person; on a tie the lesser concept, by code points, is the higher. */
    boolean isHigherThan(Bizum other) {
        return cents != other.cents
                ? cents > other.cents
                : Arrays.compareUnsigned(
                                concept.getBytes(StandardCharsets.UTF_8),
                                other.concept.getBytes(StandardCharsets.UTF_8))
                        < 0;
    }

    /** With runs of spaces, of whatever kind, as one, and none around. */
    private static String fold(String column, String text, int maxLength) throws BadBizumException {
        StringBuilder folded = new StringBuilder(text.length());
        boolean afterSpace = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean space = c == '\t' || Character.isSpaceChar(c);
            if (!space && Character.isISOControl(c)) {
                throw new BadBizumException("%s: holds the control character U+%04X".formatted(column, (int) c));
            }
            if (!space || !afterSpace) {
                folded.append(space ? ' ' : c);
            }
            afterSpace = space;
        }
        String stripped = folded.toString().stripTrailing();
        if (stripped.length() > maxLength) {
            throw new BadBizumException(column + ": longer than " + maxLength + " characters");
        }
        return stripped;
    }
}
