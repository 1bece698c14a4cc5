package dev.buzon.delivery;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Names of what becomes of a source: {@code <stem>-<first 8 of the key><extension>}.
 *
 * @param extension with its dot, or empty
 */
record SafeName(String stem, String extension) {

    /** A file name has 255 bytes at most; what is added to the stem needs less than the rest. */
    private static final int STEM_BYTES = 180;

    private static final int EXTENSION_BYTES = 20;

    static SafeName of(String source, String key) {
        int dot = source.lastIndexOf('.');
        String extension = dot > 0 ? source.substring(dot) : "";
        if (bytes(extension) > EXTENSION_BYTES) {
            extension = "";
        }
        String stem = source.substring(0, source.length() - extension.length());
        while (bytes(stem) > STEM_BYTES) {
            stem = stem.substring(0, stem.offsetByCodePoints(stem.length(), -1));
        }
        return new SafeName(stem + "-" + key.substring(0, 8), extension);
    }

    /** The name in a folder, or the first of {@code …-2}, {@code …-3} that nothing is at. */
    Path freeIn(Path folder, String extension) {
        Path path = folder.resolve(stem + extension);
        for (int i = 2; Files.exists(path, LinkOption.NOFOLLOW_LINKS); i++) {
            path = folder.resolve(stem + "-" + i + extension);
        }
        return path;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
