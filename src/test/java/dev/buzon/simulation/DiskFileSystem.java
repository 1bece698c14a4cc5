package dev.buzon.simulation;

import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes the paths of a simulated disk. */
final class DiskFileSystem extends FileSystem {

    private final DiskProvider provider;
    private final DiskPath root = DiskPath.of(this, "/");
    private final DiskPath here = DiskPath.of(this, ".");
    private final Map<String, PathMatcher> matchers = new HashMap<>();

    DiskFileSystem(Kernel kernel) {
        this.provider = new DiskProvider(this, kernel);
    }

    DiskPath root() {
        return root;
    }

    /** The name of a folder in itself. */
    DiskPath here() {
        return here;
    }

    @Override
    public DiskProvider provider() {
        return provider;
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String getSeparator() {
        return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(root);
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return List.of();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Set.of("basic", "owner", "posix", "unix");
    }

    @Override
    public Path getPath(String first, String... more) {
        String text = first;
        for (String next : more) {
            if (!next.isEmpty()) {
                text = text.isEmpty() ? next : text + "/" + next;
            }
        }
        return DiskPath.of(this, text);
    }

    /** Those of the default provider: they match what a path says. */
    @Override
    public PathMatcher getPathMatcher(String pattern) {
        return matchers.computeIfAbsent(pattern, FileSystems.getDefault()::getPathMatcher);
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        return new UserPrincipalLookupService() {
            @Override
            public UserPrincipal lookupPrincipalByName(String name) {
                return new DiskUser(name);
            }

            @Override
            public GroupPrincipal lookupPrincipalByGroupName(String name) {
                return new DiskUser(name);
            }
        };
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException();
    }
}
