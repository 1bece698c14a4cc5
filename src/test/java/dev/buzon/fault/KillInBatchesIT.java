package dev.buzon.fault;

import dev.buzon.LongForm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** As {@link KillIT}, with many files in hand. */
@LongForm
class KillInBatchesIT extends KillIT {

    @Override
    Rig makeRig(Path ofRig) throws IOException {
        return Rig.ofBatches(ofRig, ofRig.resolve("home"), Map.of());
    }

    @Override
    int rounds() {
        return 200;
    }
}
