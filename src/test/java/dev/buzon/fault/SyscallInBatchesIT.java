package dev.buzon.fault;

import dev.buzon.LongForm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** As {@link SyscallIT}, with some files in hand, of which some have the same content. */
@LongForm
class SyscallInBatchesIT extends SyscallIT {

    private static final int GOOD = 8;
    private static final int BROKEN = 2;
    private static final int AGAIN = 2;

    @Override
    Rig makeRig(Path ofRig) throws IOException {
        return Rig.ofBatches(ofRig, ofRig.resolve("home"), Map.of());
    }

    /** The files of a batch are forced by threads of their own. */
    @Override
    List<Strace.Threads> threads() {
        return List.of(Strace.Threads.values());
    }

    @Override
    List<MadeFile> files(Load load) {
        List<MadeFile> files = new ArrayList<>();
        for (int i = 0; i < GOOD; i++) {
            String name = "f" + drops() + "-" + i;
            files.add(load == Load.INVOICES ? MadeFile.invoicesWithABadOne(name, 3) : bizums(name));
        }
        for (int i = 0; i < BROKEN && load == Load.INVOICES; i++) {
            files.add(MadeFile.brokenInvoices("broken" + drops() + "-" + i));
        }
        files.addAll(files.get(0).again(AGAIN));
        return files;
    }
}
