package dev.buzon.simulation;

import java.nio.file.attribute.GroupPrincipal;

/** A user, or a group. */
record DiskUser(String name) implements GroupPrincipal {

    static final DiskUser ROOT = new DiskUser("root");
    static final DiskUser USERS = new DiskUser("users");

    @Override
    public String getName() {
        return name;
    }

    @Override
    public String toString() {
        return name;
    }
}
