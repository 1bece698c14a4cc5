package dev.buzon.fault;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** As {@link TakeoverIT}, with many files in hand. */
@EnabledIfSystemProperty(
        named = "buzon.faults.long",
        matches = "true",
        disabledReason = "a part of the long form: -Pfaults")
class TakeoverInBatchesIT extends TakeoverIT {

    @Override
    Rig makeRig(Path home, Map<String, String> onServer) throws IOException {
        return Rig.ofBatches(folder(), home, onServer);
    }
}
