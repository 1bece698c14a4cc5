package dev.buzon.fault;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** As {@link SyscallIT}, with some files in hand, of which some have the same content. */
class SyscallInBatchesIT extends SyscallIT {

    private static final int GOOD = 8;
    private static final int BROKEN = 2;
    private static final int AGAIN = 2;

    @Override
    Rig makeRig(Path ofRig) throws IOException {
        return Rig.ofBatches(ofRig, ofRig.resolve("home"), Map.of());
    }

    @Override
    void expectToKill() {
        assumeTrue(Rig.isLong(), "a part of the long form: -Pfaults");
    }

    /** That of the ledger, and the last two of what is published and archived. */
    @Override
    long[] someForces(long all) {
        return LongStream.iterate(1, n -> n <= all, n -> n + 4).toArray();
    }

    @Override
    List<Load> loads() {
        return Rig.isLong() ? super.loads() : List.of(Load.INVOICES);
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
