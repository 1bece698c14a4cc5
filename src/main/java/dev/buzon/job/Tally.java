package dev.buzon.job;

import java.io.Serializable;
import java.util.Locale;

/** A number of things and what they are called, as in "1,249 line items". */
public record Tally(long count, String singular, String plural) implements Serializable {

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? singular : plural);
    }
}
