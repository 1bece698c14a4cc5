package dev.buzon.delivery;

import dev.buzon.home.Disk;
import dev.buzon.home.OpenFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names of what becomes of a source: {@code <stem>-<first 8 of the key><extension>}. They hold nothing that a shell, a
 * glob, a URI or Spark would take for more than a name.
 *
 * @param extension with its dot, or empty
 */
record SafeName(String stem, String extension) {

    /** A file name has 255 bytes at most; what is added to the stem needs less than the rest. */
    private static final int STEM_BYTES = 180;

    private static final int EXTENSION_BYTES = 20;

    private static final Pattern UNSAFE = Pattern.compile("[^\\p{L}\\p{M}\\p{N} ._+=@~()-]");

    /** Spark takes no file that begins with an underscore or a dot; a program may take a hyphen for an option. */
    private static final Pattern UNSAFE_BEGINNING = Pattern.compile("^[._ ~-]+");

    static SafeName of(String source, String key) {
        int dot = source.lastIndexOf('.');
        String extension = dot > 0 ? safe(source.substring(dot)) : "";
        if (bytes(extension) > EXTENSION_BYTES) {
            extension = "";
        }
        String stem = safe(dot > 0 && !extension.isEmpty() ? source.substring(0, dot) : source);
        stem = UNSAFE_BEGINNING.matcher(stem).replaceFirst("");
        stem = shortened(stem, STEM_BYTES);
        return new SafeName((stem.isEmpty() ? "file" : stem) + "-" + key.substring(0, 8), extension);
    }

    /** As much of the beginning of a text as has so many bytes. */
    static String shortened(String text, int bytes) {
        String shortened = text;
        while (bytes(shortened) > bytes) {
            shortened = shortened.substring(0, shortened.offsetByCodePoints(shortened.length(), -1));
        }
        return shortened;
    }

    /** As much of the end of a text as has so many bytes. */
    static String ending(String text, int bytes) {
        String ending = text;
        while (bytes(ending) > bytes) {
            ending = ending.substring(ending.offsetByCodePoints(0, 1));
        }
        return ending;
    }

    /** The name in a folder, or the first of {@code …-2}, {@code …-3} that nothing is at. */
    String freeIn(OpenFolder folder, String withExtension) throws IOException {
        int number = 1;
        String name = numbered(withExtension, number);
        while (folder.find(name).isPresent()) {
            name = numbered(withExtension, ++number);
        }
        return name;
    }

    /**
     * The same, for a plan: who renames asks the folder that is held open.
     *
     * @param taken other names that are not free; the result is added to them
     */
    Path freeIn(Path folder, String withExtension, Set<Path> taken) throws IOException {
        int number = 1;
        Path path = numbered(folder, withExtension, number);
        while (taken.contains(path) || Disk.exists(path)) {
            path = numbered(folder, withExtension, ++number);
        }
        taken.add(path);
        return path;
    }

    private Path numbered(Path folder, String withExtension, int number) {
        return folder.resolve(numbered(withExtension, number));
    }

    /** The name that {@link #freeIn} gives where this many less one are taken. */
    String numbered(String withExtension, int number) {
        return stem + (number == 1 ? "" : "-" + number) + withExtension;
    }

    private static String safe(String text) {
        return UNSAFE.matcher(text).replaceAll("_");
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
