package dev.buzon.fault;

import dev.buzon.LongForm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** As {@link StepCrashIT}, with many files in hand, of which some have the same content. */
@LongForm
class StepCrashInBatchesIT extends StepCrashIT {

    private static final int OF_A_KIND = 35;
    private static final int OTHERS = 5;

    @Override
    Rig makeRig(Path ofRig) throws IOException {
        return Rig.ofBatches(ofRig, ofRig.resolve("home"), Map.of());
    }

    @Override
    List<MadeFile> files(String route, Kind kind) {
        if (kind == Kind.DUPLICATE) {
            return handled(route).again(OF_A_KIND);
        }
        List<MadeFile> files = some(OF_A_KIND, route, kind);
        if (kind == Kind.GOOD) {
            files.addAll(files.get(0).again(OTHERS));
            files.addAll(some(OTHERS, route, Kind.REJECTED));
            if (handled(route) != null) {
                files.addAll(handled(route).again(OTHERS));
            }
        }
        return files;
    }

    private List<MadeFile> some(int count, String route, Kind kind) {
        return Stream.generate(() -> file(route, kind)).limit(count).collect(Collectors.toCollection(ArrayList::new));
    }

    @Override
    int leastStaged() {
        return OF_A_KIND;
    }
}
