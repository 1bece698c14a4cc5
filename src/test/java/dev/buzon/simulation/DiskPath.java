package dev.buzon.simulation;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;

/** A path of a simulated disk, which looks like one of Unix. */
final class DiskPath implements Path {

    private static final String[] NONE = {};
    /** In bytes, of one name. */
    private static final int LONGEST = 255;

    private final DiskFileSystem system;
    private final String text;
    private String[] names;
    private boolean isTooLong;

    /** @param text without a slash too many */
    private DiskPath(DiskFileSystem system, String text) {
        this.system = system;
        this.text = text;
    }

    static DiskPath of(DiskFileSystem system, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new InvalidPathException(text, "Nul character not allowed");
        }
        String clean = text;
        if (clean.contains("//")) {
            StringBuilder builder = new StringBuilder();
            for (int i = 0; i < text.length(); i++) {
                if (text.charAt(i) != '/' || i == 0 || text.charAt(i - 1) != '/') {
                    builder.append(text.charAt(i));
                }
            }
            clean = builder.toString();
        }
        return new DiskPath(
                system, clean.length() > 1 && clean.endsWith("/") ? clean.substring(0, clean.length() - 1) : clean);
    }

    /** Any path by what it says: names relative to an open folder are those of the default provider. */
    static DiskPath of(DiskFileSystem system, Path path) {
        return path instanceof DiskPath known && known.system == system ? known : of(system, path.toString());
    }

    /** Nobody changes the array. */
    String[] names() {
        if (names == null) {
            names = split();
            for (String name : names) {
                isTooLong |= name.length() > LONGEST / 3 && name.getBytes(StandardCharsets.UTF_8).length > LONGEST;
            }
        }
        return names;
    }

    private String[] split() {
        if (text.equals("/")) {
            return NONE;
        }
        int count = 1;
        for (int at = text.indexOf('/', 1); at >= 0; at = text.indexOf('/', at + 1)) {
            count++;
        }
        String[] split = new String[count];
        int from = isAbsolute() ? 1 : 0;
        for (int i = 0; i < count; i++) {
            int to = text.indexOf('/', from);
            split[i] = text.substring(from, to < 0 ? text.length() : to);
            from = to + 1;
        }
        return split;
    }

    /** Whether one of its names is longer than the disk takes. */
    boolean isTooLong() {
        names();
        return isTooLong;
    }

    /** The path of an entry of this folder. */
    DiskPath child(String name) {
        return new DiskPath(system, text.isEmpty() ? name : text.equals("/") ? "/" + name : text + "/" + name);
    }

    @Override
    public FileSystem getFileSystem() {
        return system;
    }

    @Override
    public boolean isAbsolute() {
        return text.startsWith("/");
    }

    @Override
    public Path getRoot() {
        return isAbsolute() ? system.root() : null;
    }

    @Override
    public Path getFileName() {
        int slash = text.lastIndexOf('/');
        return slash < 0 ? this : text.length() == 1 ? null : new DiskPath(system, text.substring(slash + 1));
    }

    @Override
    public Path getParent() {
        int slash = text.lastIndexOf('/');
        if (slash < 0 || text.length() == 1) {
            return null;
        }
        return slash == 0 ? system.root() : new DiskPath(system, text.substring(0, slash));
    }

    @Override
    public int getNameCount() {
        return names().length;
    }

    @Override
    public Path getName(int index) {
        return subpath(index, index + 1);
    }

    @Override
    public Path subpath(int begin, int end) {
        if (begin < 0 || begin >= end || end > names().length) {
            throw new IllegalArgumentException();
        }
        return new DiskPath(system, String.join("/", List.of(names()).subList(begin, end)));
    }

    @Override
    public boolean startsWith(Path other) {
        if (!(other instanceof DiskPath start) || start.isAbsolute() != isAbsolute()) {
            return false;
        }
        if (start.text.equals("/") || start.text.equals(text)) {
            return true;
        }
        return !start.text.isEmpty() && text.startsWith(start.text) && text.charAt(start.text.length()) == '/';
    }

    @Override
    public boolean endsWith(Path other) {
        if (!(other instanceof DiskPath end) || end.isAbsolute()) {
            return equals(other);
        }
        return text.equals(end.text) || !end.text.isEmpty() && text.endsWith("/" + end.text);
    }

    @Override
    public Path normalize() {
        List<String> kept = new ArrayList<>();
        for (String name : names()) {
            boolean isUp = name.equals("..");
            String last = kept.isEmpty() ? null : kept.get(kept.size() - 1);
            if (isUp && last != null && !last.equals("..")) {
                kept.remove(kept.size() - 1);
            } else if (!name.equals(".") && !(isUp && last == null && isAbsolute())) {
                kept.add(name);
            }
        }
        return kept.size() == names().length
                ? this
                : new DiskPath(system, (isAbsolute() ? "/" : "") + String.join("/", kept));
    }

    @Override
    public Path resolve(Path other) {
        return other instanceof DiskPath path && path.isAbsolute() ? path : resolve(other.toString());
    }

    @Override
    public Path resolve(String other) {
        DiskPath path = of(system, other);
        if (path.isAbsolute() || text.isEmpty()) {
            return path;
        }
        return path.text.isEmpty() ? this : child(path.text);
    }

    @Override
    public Path relativize(Path other) {
        if (!(other instanceof DiskPath path)) {
            throw new ProviderMismatchException();
        }
        if (path.isAbsolute() != isAbsolute()) {
            throw new IllegalArgumentException("'other' is different type of Path");
        }
        if (text.isEmpty() || equals(path)) {
            return text.isEmpty() ? path : new DiskPath(system, "");
        }
        int same = 0;
        while (same < names().length && same < path.names().length && names[same].equals(path.names[same])) {
            same++;
        }
        List<String> relative = new ArrayList<>();
        for (int i = same; i < names.length; i++) {
            relative.add("..");
        }
        relative.addAll(List.of(path.names()).subList(same, path.names().length));
        return of(system, String.join("/", relative));
    }

    /** As a path of the default provider has it, but for the scheme. */
    @Override
    public URI toUri() {
        StringBuilder uri = new StringBuilder(system.provider().getScheme()).append("://");
        for (byte one : toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8)) {
            boolean isPlain = one >= 'a' && one <= 'z'
                    || one >= 'A' && one <= 'Z'
                    || one >= '0' && one <= '9'
                    || "/-_.!~*'():@&=+$,".indexOf(one) >= 0;
            if (isPlain) {
                uri.append((char) one);
            } else {
                uri.append('%').append("%02X".formatted(one & 0xff));
            }
        }
        return URI.create(uri.toString());
    }

    @Override
    public Path toAbsolutePath() {
        return isAbsolute() ? this : system.root().resolve(this);
    }

    @Override
    public Path toRealPath(LinkOption... options) throws IOException {
        return system.provider().toRealPath(this, options);
    }

    /** A file that leads back to this path; there is nothing else that it could be asked. */
    @Override
    public File toFile() {
        return new DiskFile(this);
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(Path other) {
        return text.compareTo(((DiskPath) other).text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DiskPath path && path.system == system && path.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    /** The path that a {@link File} was made from. It is named alike, but there is no such file outside. */
    private static final class DiskFile extends File {

        private static final long serialVersionUID = 1L;

        private final transient DiskPath path;

        DiskFile(DiskPath path) {
            super(path.text);
            this.path = path;
        }

        @Override
        public Path toPath() {
            return path;
        }

        @Override
        public File getParentFile() {
            Path parent = path.getParent();
            return parent == null ? null : parent.toFile();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof DiskFile file && file.path.equals(path);
        }

        @Override
        public int hashCode() {
            return path.hashCode();
        }
    }
}
