package dev.buzon.intake;

import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.component.file.FileEndpoint;
import org.apache.camel.support.DefaultPollingConsumerPollStrategy;

/** Has each poll of a {@code file:} consumer begin with the choice of the files that it takes. Thread-safe. */
public class OldestFirst extends DefaultPollingConsumerPollStrategy {

    private final SettledFiles settled;

    public OldestFirst(SettledFiles settled) {
        this.settled = settled;
    }

    /** Without anything to take the poll is over: Camel would list the inbox once more, with all names in memory. */
    @Override
    public boolean begin(Consumer consumer, Endpoint endpoint) {
        if (settled.choose(((FileEndpoint) endpoint).getFile().toPath())) {
            return super.begin(consumer, endpoint);
        }
        commit(consumer, endpoint, 0);
        return false;
    }
}
