package dev.buzon.bizum;

import dev.buzon.job.LedgerChange;
import java.io.IOException;

/** The highest bizums of a file that was read in another way than by the job. */
public final class RaisedBizums {

    private final Maxima maxima = new Maxima(null);

    public void add(String person, long cents, String concept) throws IOException {
        maxima.add(new Bizum(person, cents, concept));
    }

    /** See {@link Maxima#raise}. */
    public LedgerChange raise(String route) throws IOException {
        return maxima.raise(route);
    }
}
