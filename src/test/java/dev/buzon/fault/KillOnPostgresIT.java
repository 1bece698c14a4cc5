package dev.buzon.fault;

import dev.buzon.LongForm;
import dev.buzon.Postgres;
import java.nio.file.Path;

/** As {@link KillIT}, with a ledger on a server. */
@LongForm
class KillOnPostgresIT extends KillIT {

    @Override
    Rig makeRig(Path ofRig) throws Exception {
        return new Rig(ofRig, ofRig.resolve("home"), Postgres.shared().newLedger(ofRig));
    }

    @Override
    int rounds() {
        return 100;
    }
}
