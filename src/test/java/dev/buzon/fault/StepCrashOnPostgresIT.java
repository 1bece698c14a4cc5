package dev.buzon.fault;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.buzon.Postgres;
import java.nio.file.Path;

/** As {@link StepCrashIT}, with a ledger on a server. */
class StepCrashOnPostgresIT extends StepCrashIT {

    @Override
    Rig makeRig(Path ofRig) throws Exception {
        assumeTrue(Rig.isLong(), "a part of the long form: -Pfaults");
        return new Rig(ofRig, ofRig.resolve("home"), Postgres.shared().newLedger(ofRig));
    }
}
