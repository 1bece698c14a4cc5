package dev.buzon.simulation;

/** A change of one entry of a folder, or a move, which changes two as one. It may not be on the disk yet. */
final class NameChange {

    private final String verb;
    final Inode folder;
    final String name;
    private final Inode before;
    private final Inode after;
    /** Null unless it is a move. */
    final Inode target;

    final String newName;
    private final Inode replaced;

    /** Earlier pending changes that reach the disk before it. */
    NameChange[] needs;

    boolean isForced;
    boolean isKept;

    private NameChange(
            String verb,
            Inode folder,
            String name,
            Inode before,
            Inode after,
            Inode target,
            String newName,
            Inode replaced) {
        this.verb = verb;
        this.folder = folder;
        this.name = name;
        this.before = before;
        this.after = after;
        this.target = target;
        this.newName = newName;
        this.replaced = replaced;
    }

    /** @param verb for a person, as in "make" */
    static NameChange made(String verb, Inode folder, String name, Inode made) {
        return new NameChange(verb, folder, name, null, made, null, null, null);
    }

    static NameChange deleted(Inode folder, String name, Inode deleted) {
        return new NameChange("delete", folder, name, deleted, null, null, null, null);
    }

    /** @param replaced null if nothing was of the new name */
    static NameChange moved(Inode folder, String name, Inode moved, Inode target, String newName, Inode replaced) {
        return new NameChange("move", folder, name, moved, null, target, newName, replaced);
    }

    void apply() {
        folder.put(name, after);
        if (target != null) {
            target.put(newName, before);
        }
    }

    /** All later changes of the same entries have been undone. */
    void undo() {
        if (target != null) {
            target.put(newName, replaced);
        }
        folder.put(name, before);
    }

    boolean touches(Inode other) {
        return folder == other || target == other;
    }

    /** The folder that it takes away; null if it takes none away. */
    Inode removedFolder() {
        Inode removed = target == null ? before : replaced;
        return removed != null && removed.isFolder() && removed != after ? removed : null;
    }

    /** Whether it moves a folder into another one. */
    boolean movesFolder() {
        return target != null && target != folder && before.isFolder();
    }

    /** For a person. */
    String words(int stamp) {
        String words = verb + " " + folder.path(stamp) + "/" + name;
        return target == null ? words : words + " -> " + target.path(stamp) + "/" + newName;
    }
}
