package dev.buzon.delivery;

import dev.buzon.intake.OldestFirst;
import dev.buzon.intake.SettledFiles;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;

/** A poll that meets an error outside of all steps, once. Named in a route of a test. */
public final class FailingPoll extends OldestFirst {

    static final AtomicBoolean FAILS = new AtomicBoolean();

    public FailingPoll(SettledFiles settled) {
        super(settled);
    }

    @Override
    public boolean begin(Consumer consumer, Endpoint endpoint) {
        if (FAILS.compareAndSet(true, false)) {
            throw new NoClassDefFoundError("com/example/Gone");
        }
        return super.begin(consumer, endpoint);
    }
}
