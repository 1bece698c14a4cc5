package dev.buzon.intake;

import java.nio.file.attribute.FileTime;
import java.util.function.Consumer;

/** Adds up a {@link Backlog}. Used by one thread. */
final class BacklogCount implements Consumer<SeenFile> {

    private long files;
    private long bytes;
    private FileTime oldest;

    @Override
    public void accept(SeenFile file) {
        FileTime changed = file.identity().changed();
        files++;
        bytes += file.identity().size();
        oldest = oldest == null || changed.compareTo(oldest) < 0 ? changed : oldest;
    }

    Backlog backlog() {
        return new Backlog(files, bytes, oldest == null ? null : oldest.toInstant());
    }
}
