package dev.buzon.home;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the service obeys, and where it writes, belongs to the user that runs it or to root, and nobody else can change
 * it: whoever could would have the service do as they please. Collects all that is not so.
 */
final class Trust {

    private static final int WRITTEN_BY_GROUP = 0020;
    private static final int WRITTEN_BY_OTHERS = 0002;
    /** In a folder with this bit one can rename and remove only what is one's own. */
    private static final int STICKY = 01000;

    private static final int LINKS_AT_MOST = 40;

    private final Set<String> problems = new LinkedHashSet<>();
    private final Set<Path> open = new TreeSet<>();
    private final Set<Long> trusted = new TreeSet<>(List.of(Users.current(), Users.ROOT));

    /** What one look at a path tells, without following a link. */
    private record Entry(Path path, long user, String owner, String group, int mode, boolean isLink) {

        static Entry of(Path path) throws IOException {
            Map<String, Object> read =
                    Files.readAttributes(path, "unix:uid,owner,group,mode,isSymbolicLink", LinkOption.NOFOLLOW_LINKS);
            return new Entry(
                    path,
                    ((Number) read.get("uid")).longValue(),
                    read.get("owner").toString(),
                    read.get("group").toString(),
                    (int) read.get("mode"),
                    (boolean) read.get("isSymbolicLink"));
        }

        boolean has(int bit) {
            return (mode & bit) != 0;
        }

        /** Many systems give each user a group of the same name, and let it write by default. */
        boolean isWrittenByGroup() {
            return has(WRITTEN_BY_GROUP) && !group.equals(owner);
        }

        String permissions() {
            return "%04o".formatted(mode & 07777);
        }
    }

    /** Trusts the owner of this file, too. */
    Trust alsoOwnerOf(Path path) {
        try {
            trusted.add(Entry.of(path).user());
        } catch (IOException e) {
            // What can't be looked at is not read either.
        }
        return this;
    }

    /**
     * Expects a file or a folder that nobody else can change, nor put another in its place; one that is missing is for
     * others to miss.
     *
     * @param what it is, as in "The home"
     */
    Trust expect(String what, Path path) {
        try {
            Entry entry = follow(path);
            if (entry != null) {
                expectOwner(what, entry);
                expectClosed(what, entry);
            }
        } catch (IOException e) {
            problems.add("Whose " + path + " is can't be told: " + FileFailure.inWords(e));
        }
        return this;
    }

    /** As {@link #expect}, but never a link, and open to others while there is nothing in it. */
    Trust expectPrivateFolder(Path path) {
        try {
            Entry entry = Entry.of(path);
            if (entry.isLink()) {
                problems.add(path + " is a link to " + Files.readSymbolicLink(path)
                        + ": a folder is expected, which the service makes. Remove the link: rm " + quoted(path));
                return this;
            }
            expectOwner("The folder", entry);
            if (!Disk.list(path).isEmpty()) {
                expectClosed("The folder", entry);
            }
        } catch (NoSuchFileException e) {
            // It is to be made.
        } catch (IOException e) {
            problems.add("Whose " + path + " is can't be told: " + FileFailure.inWords(e));
        }
        return this;
    }

    /** Expects a file that nobody else can open up to others. */
    Trust expectOwner(String what, Path path) {
        try {
            Entry entry = follow(path);
            if (entry != null) {
                expectOwner(what, entry);
            }
        } catch (IOException e) {
            problems.add("Whose " + path + " is can't be told: " + FileFailure.inWords(e));
        }
        return this;
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    /** @throws SettingsException with all that is not as it should be */
    void enforce() {
        if (!problems.isEmpty()) {
            throw new SettingsException(problems());
        }
    }

    private void expectOwner(String what, Entry entry) {
        if (!trusted.contains(entry.user())) {
            problems.add(what + " " + entry.path() + " belongs to the user " + named(entry.owner(), entry.user())
                    + ", and Buzón is run by " + named(System.getProperty("user.name"), Users.current())
                    + ". Run it as that user; or make sure that it holds"
                    + " what you want, then: chown " + Users.current() + " " + quoted(entry.path()));
        }
    }

    private void expectClosed(String what, Entry entry) {
        if (entry.has(WRITTEN_BY_OTHERS)) {
            open.add(entry.path());
            problems.add("Others can write to " + lower(what) + " " + entry.path() + " (mode " + entry.permissions()
                    + "). Make sure that it holds what you want, then: chmod go-w " + quoted(entry.path()));
        } else if (entry.isWrittenByGroup()) {
            problems.add("The group " + entry.group() + " can write to " + lower(what) + " " + entry.path() + " (mode "
                    + entry.permissions() + "). Make sure that it holds what you want, then: chmod g-w "
                    + quoted(entry.path()));
        }
    }

    /** What a path stands for, each part of which stays what it is; null if there is none. */
    private Entry follow(Path path) throws IOException {
        Deque<Path> rest = new ArrayDeque<>();
        path.forEach(rest::add);
        Entry at = Entry.of(path.getRoot());
        int links = 0;
        while (!rest.isEmpty()) {
            Path name = rest.pop();
            if (name.toString().equals(".")) {
                continue;
            }
            if (name.toString().equals("..")) {
                Path above = at.path().getParent();
                at = above == null ? at : Entry.of(above);
                continue;
            }
            expectToStay(at, at.path().resolve(name));
            Entry child;
            try {
                child = Entry.of(at.path().resolve(name));
            } catch (NoSuchFileException e) {
                return null;
            }
            boolean isPassed = child.isLink() || !rest.isEmpty();
            if (isPassed && at.has(WRITTEN_BY_OTHERS)) {
                // Anybody could have made it.
                expectOwner(child.isLink() ? "The link" : "The folder", child);
            }
            if (!child.isLink()) {
                at = child;
                continue;
            }
            if (++links > LINKS_AT_MOST) {
                throw new FileSystemLoopException(path.toString());
            }
            Path target = Files.readSymbolicLink(child.path());
            for (int i = target.getNameCount() - 1; i >= 0; i--) {
                rest.push(target.getName(i));
            }
            at = target.isAbsolute() ? Entry.of(target.getRoot()) : at;
        }
        return at;
    }

    private void expectToStay(Entry folder, Path child) {
        if (folder.has(WRITTEN_BY_OTHERS) && !folder.has(STICKY) && open.add(folder.path())) {
            problems.add("Others can put something else in the place of " + child + ": they can write to "
                    + folder.path() + " (mode " + folder.permissions() + "). chmod o-w " + quoted(folder.path())
                    + " or chmod +t " + quoted(folder.path()) + " mends it.");
        }
    }

    private static String named(String owner, long user) {
        // Java's word for a user without a name is "?".
        return owner.matches("[0-9]+|\\?") ? Long.toString(user) : owner + " (" + user + ")";
    }

    private static String lower(String what) {
        return what.substring(0, 1).toLowerCase(Locale.ROOT) + what.substring(1);
    }

    /** As a shell reads it. */
    private static String quoted(Path path) {
        return path.toString().matches("[\\p{L}\\p{N}/._+@%:=,-]+")
                ? path.toString()
                : "'" + path.toString().replace("'", "'\\''") + "'";
    }
}
