package dev.buzon.fault;

import dev.buzon.LongForm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** As {@link TakeoverIT}, with many files in hand. */
@LongForm
class TakeoverInBatchesIT extends TakeoverIT {

    @Override
    Rig makeRig(Path home, Map<String, String> onServer) throws IOException {
        return Rig.ofBatches(folder(), home, onServer);
    }
}
