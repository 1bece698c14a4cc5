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

    @Override
    public boolean begin(Consumer consumer, Endpoint endpoint) {
        settled.choose(((FileEndpoint) endpoint).getFile());
        return super.begin(consumer, endpoint);
    }
}
