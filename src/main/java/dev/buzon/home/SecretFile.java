package dev.buzon.home;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Files that settings name and that others than their owner may not write, nor read where they hold secrets. */
public final class SecretFile {

    private static final Set<PosixFilePermission> WRITTEN_BY_OTHERS =
            EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
    private static final Set<PosixFilePermission> READ_BY_OTHERS =
            EnumSet.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

    private SecretFile() {}

    /**
     * The file that a key names.
     *
     * @param secret whether others may not read it either
     * @param problems takes what is wrong with it
     * @return null where it can't be used
     */
    public static Path named(Settings settings, String key, boolean secret, List<String> problems) {
        if (settings.get(key).isEmpty()) {
            problems.add(key + " is missing: a file is expected.");
            return null;
        }
        Path file = settings.home().resolve(settings.get(key));
        String named = key + "=" + settings.get(key) + ": ";
        if (!Files.isRegularFile(file)) {
            problems.add(named + "there is no file " + file + ".");
            return null;
        }
        if (!Files.isReadable(file)) {
            problems.add(named + "the file " + file + " can't be read.");
            return null;
        }
        problems.addAll(new Trust().expectOwner("The file", file).problems());
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (!Collections.disjoint(permissions, WRITTEN_BY_OTHERS)
                    || secret && !Collections.disjoint(permissions, READ_BY_OTHERS)) {
                problems.add(named + "others than its owner may " + (secret ? "read or write" : "write") + " the file "
                        + file + ". chmod 600 closes it.");
            }
        } catch (IOException | UnsupportedOperationException e) {
            problems.add(named + "who may read the file " + file + " can't be told: " + FileFailure.inWords(e));
        }
        return file;
    }

    /** @return the secret that the file's first line is */
    public static String secretIn(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("");
    }

    /**
     * The secret in the file that a key names, or else in a variable of the environment.
     *
     * @param problems takes what is wrong with the file
     * @return null where there is neither
     */
    public static String secret(Settings settings, String key, String variable, List<String> problems) {
        if (settings.get(key).isEmpty()) {
            return System.getenv(variable);
        }
        Path file = named(settings, key, true, problems);
        try {
            String secret = file == null ? null : secretIn(file);
            if (secret != null && secret.isEmpty()) {
                problems.add(key + "=" + settings.get(key) + ": the first line of " + file + " is empty: it is the"
                        + " secret.");
            }
            return secret;
        } catch (IOException e) {
            problems.add(
                    key + "=" + settings.get(key) + ": the file " + file + " can't be read: " + FileFailure.inWords(e));
            return null;
        }
    }
}
