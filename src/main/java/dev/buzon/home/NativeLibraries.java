package dev.buzon.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Has libraries unpack their native code into a folder that can be written to, and from which code may run: the JVM's
 * for temporary files if it is one, as it is on most machines. They ask for it by system properties when they are used
 * first.
 */
public final class NativeLibraries {

    private static final List<String> PROPERTIES =
            List.of("org.sqlite.tmpdir", "org.xerial.snappy.tempdir", "ZstdTempFolder", "io.netty.native.workdir");

    /** What all of them take, several times over. */
    private static final long LEAST_BYTES = 16L << 20;

    /** They keep what they have been given. */
    private static boolean chosen;

    private NativeLibraries() {}

    /**
     * Chooses the folder, once for the process. What a user has set by one of the properties stays.
     *
     * @param ours a private folder, which may be missing
     * @throws SettingsException if there is no such folder
     */
    public static synchronized void unpackNear(Path ours) {
        if (chosen) {
            return;
        }
        List<Path> candidates = new ArrayList<>();
        candidates.add(Path.of(System.getProperty("java.io.tmpdir")));
        candidates.add(ours);
        caches().ifPresent(candidates::add);
        if (System.getProperty(PROPERTIES.get(0)) != null || isFit(candidates.get(0))) {
            chosen = true;
            return;
        }
        Path fit = candidates.stream()
                .filter(NativeLibraries::isFit)
                .findFirst()
                .orElseThrow(() -> new SettingsException(List.of("There is no folder to unpack native libraries into: "
                        + candidates + " are missing, full, can't be written to, or are mounted noexec."
                        + " JAVA_OPTS=-Dorg.sqlite.tmpdir=DIR names another one.")));
        for (String property : PROPERTIES) {
            if (System.getProperty(property) == null) {
                System.setProperty(property, fit.toString());
            }
        }
        chosen = true;
    }

    private static Optional<Path> caches() {
        String cache = System.getenv("XDG_CACHE_HOME");
        return Optional.of(
                        cache != null && !cache.isEmpty()
                                ? Path.of(cache)
                                : Path.of(System.getProperty("user.home"), ".cache"))
                .filter(Files::isDirectory);
    }

    private static boolean isFit(Path folder) {
        try {
            if (Files.getFileStore(folder).getUsableSpace() < LEAST_BYTES) {
                return false;
            }
            Path probe = Files.createTempFile(
                    folder,
                    "buzon",
                    "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try {
                // The system denies it for each file of a file system that is mounted noexec.
                return Files.isExecutable(probe);
            } finally {
                Files.delete(probe);
            }
        } catch (IOException e) {
            return false;
        }
    }
}
