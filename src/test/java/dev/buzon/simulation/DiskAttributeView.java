package dev.buzon.simulation;

import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/** The attributes of what a path leads to, whenever they are asked for. */
record DiskAttributeView(Kernel kernel, Inode base, DiskPath path, boolean follows) implements PosixFileAttributeView {

    @Override
    public String name() {
        return "posix";
    }

    @Override
    public PosixFileAttributes readAttributes() throws IOException {
        return DiskAttributes.of(kernel.look(base, path, follows));
    }

    @Override
    public UserPrincipal getOwner() throws IOException {
        return readAttributes().owner();
    }

    @Override
    public void setOwner(UserPrincipal owner) throws IOException {
        kernel.setOwner(base, path, follows, (DiskUser) owner, null);
    }

    @Override
    public void setGroup(GroupPrincipal group) throws IOException {
        kernel.setOwner(base, path, follows, null, (DiskUser) group);
    }

    @Override
    public void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
        kernel.setMode(base, path, follows, DiskAttributes.mode(permissions));
    }

    @Override
    public void setTimes(FileTime modified, FileTime accessed, FileTime created) throws IOException {
        if (modified != null || accessed != null) {
            kernel.setTimes(base, path, follows, modified, accessed);
        }
    }

    /** Sets one attribute by its name. */
    @SuppressWarnings("unchecked")
    void set(String attribute, Object value) throws IOException {
        switch (attribute) {
            case "lastModifiedTime" -> setTimes((FileTime) value, null, null);
            case "lastAccessTime" -> setTimes(null, (FileTime) value, null);
            case "creationTime" -> setTimes(null, null, (FileTime) value);
            case "permissions" -> setPermissions((Set<PosixFilePermission>) value);
            case "mode" -> kernel.setMode(base, path, follows, (Integer) value);
            case "owner" -> setOwner((UserPrincipal) value);
            case "group" -> setGroup((GroupPrincipal) value);
            default -> throw new IllegalArgumentException("'" + attribute + "' not recognized");
        }
    }
}
