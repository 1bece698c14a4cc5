package dev.buzon.intake;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Files whose names are bytes that are no text in the encoding of file names. Camel's consumer lists names as text and
 * can't open such a file: it gets a name in which each of these bytes is a {@code %XX}.
 */
final class UnreadableNames {

    private static final int LONGEST = 200;

    private UnreadableNames() {}

    @FunctionalInterface
    interface Condition {
        boolean holds(Path file) throws IOException;
    }

    /**
     * Renames those of a folder.
     *
     * @param ready whether a file may be renamed already
     * @return their new names
     */
    static List<String> in(Path folder, Condition ready) throws IOException {
        List<String> renamed = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, UnreadableNames::isUnreadable)) {
            for (Path file : files) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && ready.holds(file)) {
                    Path target = freeName(folder, file);
                    Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
                    renamed.add(target.getFileName().toString());
                }
            }
        }
        return renamed;
    }

    private static boolean isUnreadable(Path file) {
        try {
            return !file.toFile().toPath().equals(file);
        } catch (InvalidPathException e) {
            return true;
        }
    }

    private static Path freeName(Path folder, Path file) {
        String encoded = file.toUri().getRawPath();
        String name = encoded.substring(encoded.lastIndexOf('/') + 1);
        int dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length();
        String extension = name.length() - dot > LONGEST / 2 ? "" : name.substring(dot);
        String stem = name.substring(0, Math.min(dot, LONGEST - extension.length()));
        Path free = folder.resolve(stem + extension);
        for (int i = 2; Files.exists(free, LinkOption.NOFOLLOW_LINKS); i++) {
            free = folder.resolve(stem + "-" + i + extension);
        }
        return free;
    }
}
