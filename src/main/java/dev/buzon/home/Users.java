package dev.buzon.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The users that processes run as, by number: a user may have no name. */
final class Users {

    static final long ROOT = 0;

    private static final long OURS = ours();

    private Users() {}

    /** The one that this process runs as. */
    static long current() {
        return OURS;
    }

    /** The one that a process of this machine runs as; empty if there is no such process, or it can't be told. */
    static OptionalLong of(long pid) {
        return in(Path.of("/proc", Long.toString(pid), "status"));
    }

    private static OptionalLong in(Path status) {
        try {
            // The real user, then the effective one, whose the files are that the process makes.
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("Uid:"))
                    .mapToLong(line -> Long.parseLong(line.split("\\s+")[2]))
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    private static long ours() {
        return in(Path.of("/proc/self/status")).orElseGet(() -> {
            try {
                Path file = Files.createTempFile("buzon", "");
                try {
                    return ((Number) Files.getAttribute(file, "unix:uid")).longValue();
                } finally {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new IllegalStateException("Which user runs this process can't be told.", e);
            }
        });
    }
}
