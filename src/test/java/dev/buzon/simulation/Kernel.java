package dev.buzon.simulation;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;

/**
 * The system calls that the provider and the open folders are made of. Each asks first whether it may happen, then looks
 * anew at what is there: others may have acted meanwhile. Paths are relative to a folder that is held open, or absolute.
 */
final class Kernel {

    static final int READ = 4;
    static final int WRITE = 2;
    static final int SEARCH = 1;
    private static final int UMASK = 0022;

    private final Calls calls;
    private final DiskStore store;
    private final Walk walk;
    private DiskUser user = DiskUser.ROOT;

    Kernel(DiskHabits habits, InstantSource clock, Calls calls) {
        this.calls = calls;
        this.store = new DiskStore(habits, clock);
        this.walk = new Walk(calls, store.root());
    }

    Inode root() {
        return store.root();
    }

    DiskStore store() {
        return store;
    }

    /** Lets an act happen that is done to what a path leads to, and then goes there. */
    private void reach(Act act, Inode base, DiskPath path, boolean follows, String other) throws FileSystemException {
        walk.go(base, path, follows);
        ask(act, walk.place(base, path), path.toString(), other);
        walk.go(base, path, follows);
    }

    private void ask(Act act, String on, String file, String other) throws FileSystemException {
        Fault fault = calls.before(act, on);
        if (fault != Fault.NONE) {
            throw DiskFailure.of(fault, file, other);
        }
    }

    /** Asks for an act on what a channel holds open. */
    Fault ask(Act act, String on) {
        return calls.before(act, on);
    }

    private DiskUser user() {
        String name = calls.user();
        if (!name.equals(user.name())) {
            user = new DiskUser(name);
        }
        return user;
    }

    private void expect(int bits, Inode with, String file, String other) throws FileSystemException {
        if (!walk.mayDo(bits, with)) {
            throw DiskFailure.NO_ACCESS.of(file, other);
        }
    }

    /** What is there, to have its attributes read. */
    Inode look(Inode base, DiskPath path, boolean follows) throws FileSystemException {
        reach(Act.LOOK, base, path, follows, null);
        return walk.found(path.toString());
    }

    /** @param bits that the user needs */
    void access(Inode base, DiskPath path, int bits) throws FileSystemException {
        Inode inode = look(base, path, true);
        boolean isSearch = (bits & SEARCH) != 0;
        // Root, too, can run only what somebody may run.
        if (!walk.mayDo(bits, inode) || isSearch && !inode.isFolder() && (inode.mode & 0111) == 0) {
            throw DiskFailure.NO_ACCESS.of(path.toString());
        }
    }

    /** The absolute path without links. */
    String realPath(Inode base, DiskPath path, boolean follows) throws FileSystemException {
        look(base, path, follows);
        return walk.place(base, path);
    }

    String readLink(Inode base, DiskPath path) throws FileSystemException {
        Inode link = look(base, path, false);
        if (link.kind != Inode.Kind.LINK) {
            throw DiskFailure.NO_LINK.of(path.toString());
        }
        return link.target.toString();
    }

    /** The folder to be listed, or to be held open. */
    Inode list(Inode base, DiskPath path, boolean follows) throws FileSystemException {
        reach(Act.LIST, base, path, follows, null);
        String file = path.toString();
        if (walk.failure == DiskFailure.NO_FOLDER) {
            throw DiskFailure.NO_FOLDER_TO_LIST.of(file);
        }
        Inode folder = walk.found(file);
        if (folder.kind == Inode.Kind.LINK) {
            throw DiskFailure.TOO_MANY_LINKS.of(file);
        }
        expect(READ, folder, file, null);
        if (!folder.isFolder()) {
            throw DiskFailure.NO_FOLDER_TO_LIST.of(file);
        }
        return folder;
    }

    /** @param mode of a file that is made, before the umask */
    DiskChannel open(Inode base, DiskPath path, OpenFlags flags, int mode) throws IOException {
        walk.go(base, path, flags.follows());
        Act act = Act.OPEN;
        if (flags.creates() && walk.inode == null || flags.createsNew()) {
            act = Act.CREATE;
        } else if (walk.inode != null && walk.inode.isFolder()) {
            act = Act.LIST;
        }
        String file = path.toString();
        ask(act, walk.place(base, path), file, null);
        walk.go(base, path, flags.follows());
        String on = walk.place(base, path);
        Inode inode;
        if (flags.creates() && walk.inode == null && walk.failure == null) {
            inode = make("create", Inode.Kind.FILE, mode & ~UMASK, null, file, null);
        } else {
            expectNoLink(flags);
            inode = walk.found(file);
            expectToOpen(inode, flags, file);
        }
        if (flags.truncates() && inode.content.size() > 0) {
            inode.content.truncate(0);
            store.written(inode);
        }
        return new DiskChannel(this, inode, on, flags);
    }

    /** The JDK throws what names no file. */
    private void expectNoLink(OpenFlags flags) throws IOException {
        boolean isLink = walk.inode != null && walk.inode.kind == Inode.Kind.LINK;
        if (!flags.follows() && !flags.createsNew() && (isLink || walk.failure == DiskFailure.TOO_MANY_LINKS)) {
            throw DiskFailure.linkNotFollowed();
        }
    }

    private void expectToOpen(Inode inode, OpenFlags flags, String file) throws FileSystemException {
        if (flags.createsNew()) {
            throw DiskFailure.EXISTS.of(file);
        } else if (inode.isFolder() && flags.writes()) {
            throw DiskFailure.A_FOLDER.of(file);
        }
        expect((flags.reads() ? READ : 0) | (flags.writes() ? WRITE : 0), inode, file, null);
        if (inode.kind == Inode.Kind.PIPE) {
            throw DiskFailure.NO_DEVICE.of(file);
        }
    }

    void makeFolder(Inode base, DiskPath path, int mode) throws FileSystemException {
        reach(Act.MAKE_FOLDER, base, path, false, null);
        makeNew("make folder", Inode.Kind.FOLDER, mode & ~UMASK, null, path, null);
    }

    void makePipe(Inode base, DiskPath path) throws FileSystemException {
        reach(Act.CREATE, base, path, false, null);
        makeNew("make pipe", Inode.Kind.PIPE, 0644, null, path, null);
    }

    void makeLink(Inode base, DiskPath path, DiskPath target) throws FileSystemException {
        reach(Act.CREATE, base, path, false, null);
        makeNew("make link", Inode.Kind.LINK, 0777, target, path, null);
    }

    /** Gives a file a second name. */
    void link(Inode base, DiskPath path, DiskPath existing) throws FileSystemException {
        reach(Act.CREATE, base, path, false, existing.toString());
        String file = path.toString();
        walk.go(base, existing, false);
        if (walk.failure != null || walk.inode == null) {
            throw (walk.failure == null ? DiskFailure.MISSING : walk.failure).of(file, existing.toString());
        }
        Inode inode = walk.inode;
        walk.go(base, path, false);
        if (inode.isFolder() && walk.failure == null && walk.inode == null) {
            throw DiskFailure.NOT_PERMITTED.of(file, existing.toString());
        }
        makeNew("link", inode.kind, 0, inode, path, existing.toString());
        inode.changed = store.now();
    }

    /** @param what an inode that gets another name, or where a link leads; null if there is neither */
    private void makeNew(String verb, Inode.Kind kind, int mode, Object what, DiskPath path, String other)
            throws FileSystemException {
        String file = path.toString();
        if (walk.failure != null) {
            throw walk.failure.of(file, other);
        }
        if (walk.inode != null) {
            throw DiskFailure.EXISTS.of(file, other);
        }
        make(verb, kind, mode, what, file, other);
    }

    /** Makes something of the name at which the walk ended. */
    private Inode make(String verb, Inode.Kind kind, int mode, Object what, String file, String other)
            throws FileSystemException {
        Inode folder = walk.folder;
        if (folder.names == 0) {
            throw DiskFailure.MISSING.of(file, other);
        }
        expect(WRITE | SEARCH, folder, file, other);
        Inode inode = what instanceof Inode existing
                ? existing
                : store.make(kind, folder.device, user(), mode, what instanceof DiskPath target ? target : null);
        if (inode.device != folder.device) {
            throw DiskFailure.OTHER_DEVICE.of(file, other);
        }
        inode.names++;
        store.change(NameChange.made(verb, folder, walk.name, inode));
        return inode;
    }

    /** @param isFolder whether it is to be an empty folder, or anything else */
    void delete(Inode base, DiskPath path, boolean isFolder) throws FileSystemException {
        reach(Act.DELETE, base, path, false, null);
        String file = path.toString();
        Inode inode = walk.found(file);
        if (walk.folder == null) {
            throw (isFolder ? DiskFailure.INVALID : DiskFailure.A_FOLDER).of(file);
        }
        expect(WRITE | SEARCH, walk.folder, file, null);
        if (isFolder != inode.isFolder()) {
            throw (isFolder ? DiskFailure.NO_FOLDER : DiskFailure.A_FOLDER).of(file);
        } else if (walk.isUnder) {
            throw DiskFailure.BUSY.of(file);
        } else if (isFolder && !inode.isEmpty()) {
            throw DiskFailure.NOT_EMPTY_TO_DELETE.of(file);
        }
        store.change(NameChange.deleted(walk.folder, walk.name, inode));
        store.lostName(inode);
    }

    /** Renames, and replaces what is of the new name. */
    void move(Inode base, DiskPath path, Inode targetBase, DiskPath target) throws FileSystemException {
        String file = path.toString();
        String other = target.toString();
        reach(Act.MOVE, base, path, false, other);
        Inode from = walk.folder;
        String name = walk.name;
        Inode inode = walk.inode;
        boolean isBusy = walk.isUnder;
        DiskFailure refusal = walk.failure;
        walk.go(targetBase, target, false);
        Inode to = walk.folder;
        Inode replaced = walk.inode;
        if (refusal == null) {
            refusal = walk.failure;
        }
        if (refusal == null) {
            refusal = isBusy || walk.isUnder || from == null || to == null
                    ? DiskFailure.BUSY
                    : refusal(from, inode, to, replaced);
        }
        if (refusal != null) {
            throw refusal.of(file, other);
        }
        if (inode == replaced) {
            return;
        }
        store.change(NameChange.moved(from, name, inode, to, walk.name, replaced));
        inode.changed = store.now();
        if (replaced != null) {
            store.lostName(replaced);
        }
        if (inode.isFolder()) {
            walk.folderMoved();
        }
    }

    /** @return null if the move can be done */
    private DiskFailure refusal(Inode from, Inode inode, Inode to, Inode replaced) {
        if (from.device != to.device) {
            return DiskFailure.OTHER_DEVICE;
        } else if (inode == null || to.names == 0) {
            return DiskFailure.MISSING;
        } else if (inode.isFolder() && to.isIn(inode)) {
            return DiskFailure.INVALID;
        } else if (!walk.mayDo(WRITE | SEARCH, from) || !walk.mayDo(WRITE | SEARCH, to)) {
            return DiskFailure.NO_ACCESS;
        } else if (replaced == null || replaced == inode) {
            return null;
        } else if (replaced.isFolder() && from.isIn(replaced)) {
            return DiskFailure.NOT_EMPTY;
        } else if (inode.isFolder() != replaced.isFolder()) {
            return inode.isFolder() ? DiskFailure.NO_FOLDER : DiskFailure.A_FOLDER;
        }
        return replaced.isFolder() && !replaced.isEmpty() ? DiskFailure.NOT_EMPTY : null;
    }

    void setMode(Inode base, DiskPath path, boolean follows, int mode) throws FileSystemException {
        Inode inode = own(base, path, follows);
        if (inode.kind == Inode.Kind.LINK) {
            throw DiskFailure.TOO_MANY_LINKS.of(path.toString());
        }
        inode.mode = mode;
        inode.changed = store.now();
    }

    /** A time that is null stays what it is. */
    void setTimes(Inode base, DiskPath path, boolean follows, FileTime modified, FileTime accessed)
            throws FileSystemException {
        Inode inode = own(base, path, follows);
        inode.modified = modified == null ? inode.modified : store.cut(modified);
        inode.accessed = accessed == null ? inode.accessed : store.cut(accessed);
        inode.changed = store.now();
    }

    /** Gives it away, which only root may do. Null stays what it is. */
    void setOwner(Inode base, DiskPath path, boolean follows, DiskUser owner, DiskUser group)
            throws FileSystemException {
        Inode inode = own(base, path, follows);
        if (owner != null && !owner.equals(inode.owner) && !user().equals(DiskUser.ROOT)) {
            throw DiskFailure.NOT_PERMITTED.of(path.toString());
        }
        inode.owner = owner == null ? inode.owner : owner;
        inode.group = group == null ? inode.group : group;
        inode.changed = store.now();
    }

    private Inode own(Inode base, DiskPath path, boolean follows) throws FileSystemException {
        reach(Act.SET, base, path, follows, null);
        Inode inode = walk.found(path.toString());
        if (!user().equals(inode.owner) && !user().equals(DiskUser.ROOT)) {
            throw DiskFailure.NOT_PERMITTED.of(path.toString());
        }
        return inode;
    }

    /** @return in a few words what was lost */
    List<String> cutPower(Random choice) {
        List<String> lost = store.cutPower(choice, walk.stamp());
        walk.folderMoved();
        return lost;
    }
}
