package dev.buzon.bizum;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A payment.
 *
 * @param person the name in the form in which names are compared
 */
record Bizum(String person, long cents, String concept) {

    private static final Pattern SPACES = Pattern.compile("[\\s\\p{Z}]+");

    /** @throws BadBizumException with what is wrong of it */
    static Bizum of(String name, String amount, String concept) throws BadBizumException {
        String person = fold(name).toLowerCase(Locale.ROOT);
        if (person.isEmpty()) {
            throw new BadBizumException("Nombre: missing");
        }
        return new Bizum(Normalizer.normalize(person, Normalizer.Form.NFC), Amount.cents(amount), fold(concept));
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

    private static String fold(String text) {
        return SPACES.matcher(text).replaceAll(" ").strip();
    }
}
