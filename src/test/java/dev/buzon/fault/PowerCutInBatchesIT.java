package dev.buzon.fault;

import dev.buzon.LongForm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** As {@link PowerCutIT}, with many files in hand. */
@LongForm
class PowerCutInBatchesIT extends PowerCutIT {

    @Override
    Rig makeRig(Path home) throws IOException {
        return Rig.ofBatches(folder(), home, Map.of());
    }

    @Override
    int backlog() {
        return 100;
    }
}
