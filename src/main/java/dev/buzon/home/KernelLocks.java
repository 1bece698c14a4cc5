package dev.buzon.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/** The locks on files that the kernel shows. */
final class KernelLocks {

    private static final Path ALL = Path.of("/proc/locks");

    private KernelLocks() {}

    /** The processes of this machine that hold a lock on a file; empty if there are none, or it can't be told. */
    static Set<Long> holdersOf(Path file) throws IOException {
        if (!Files.isReadable(ALL)) {
            return Set.of();
        }
        long device = ((Number) Files.getAttribute(file, "unix:dev")).longValue();
        long major = device >> 8 & 0xfff | device >> 32 & ~0xfffL;
        long minor = device & 0xff | device >> 12 & ~0xffL;
        String identity = "%02x:%02x:%s".formatted(major, minor, Files.getAttribute(file, "unix:ino"));
        return Files.readAllLines(ALL).stream()
                // 1: POSIX  ADVISORY  WRITE 4711 08:01:131090 0 EOF
                .map(line -> line.split("\\s+"))
                .filter(fields -> fields.length > 5 && fields[5].equals(identity))
                .map(fields -> Long.valueOf(fields[4]))
                .collect(Collectors.toSet());
    }
}
