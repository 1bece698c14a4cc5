package dev.buzon.fault;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** As {@link PowerCutIT}, with many files in hand. */
class PowerCutInBatchesIT extends PowerCutIT {

    @Override
    Rig makeRig(Path home) throws IOException {
        return Rig.ofBatches(folder(), home, Map.of());
    }

    @Override
    int backlog() {
        return 100;
    }

    @Override
    int cuts() {
        return Rig.isLong() ? super.cuts() : 2;
    }
}
