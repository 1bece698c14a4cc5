package dev.buzon.delivery;

import dev.buzon.home.RouteSettings;
import dev.buzon.intake.ContentKey;
import dev.buzon.intake.FileIdentity;
import dev.buzon.intake.NoRegularFileException;
import dev.buzon.job.InputFile;
import dev.buzon.job.Outcome;
import dev.buzon.ledger.LedgerEntry;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** One file on its way from the inbox to the archive. Used by one thread at a time. */
public final class Delivery {

    private final Batch batch;
    private final Path source;
    private FileIdentity identity;
    private final String key;
    /** Whether the content of the source has been forced to disk. */
    private boolean forced;
    /** Once the file is committed: its row in the ledger. */
    private LedgerEntry entry;
    /** Whether it was committed by this batch. */
    private boolean committed;
    /** Whether it was left there before. */
    private boolean touched;
    /** In the run that made it: what the job said. */
    private Outcome.Handled outcome;
    /** The row of the same content that came before, if this is a resend. */
    private LedgerEntry first;
    /** The file of the same batch that has the same content and is handled in place of this one. */
    private Delivery twin;

    /** Whether its source was still there when that was looked at last. */
    private boolean there = true;

    private boolean done;

    Delivery(Batch batch, Path source, FileIdentity identity, String key) {
        this.batch = batch;
        this.source = source;
        this.identity = identity;
        this.key = key;
    }

    public RouteSettings route() {
        return batch.route();
    }

    public Path source() {
        return source;
    }

    public String name() {
        return source.getFileName().toString();
    }

    /** SHA-256 of the content. */
    public String key() {
        return key;
    }

    public FileIdentity identity() {
        return identity;
    }

    /** The source is another file now, with the same content. */
    void identity(FileIdentity now) {
        identity = now;
    }

    public Instant startedAt() {
        return batch.startedAt();
    }

    /** How long each step took; of files that were handled together, each has its share. */
    public StepTimes times() {
        return batch.times();
    }

    Batch batch() {
        return batch;
    }

    /** What its job is handed. */
    InputFile input() {
        return new InputFile(
                route().id(),
                source,
                key,
                identity.size(),
                route().charset().orElse(null),
                batch.staging(),
                batch.rejectedStaging(),
                ResultBounds.of(route(), identity.size()));
    }

    SafeName safeName() {
        return SafeName.of(name(), key);
    }

    /** Whether the source still is what it was when its key was taken. */
    boolean isAsTaken() throws IOException {
        return FileIdentity.of(source).equals(Optional.of(identity));
    }

    /**
     * Looks whether the source still is in its place, with the same content: its change time alone does not tell, since
     * whoever copies it or lets others read it changes that, too.
     */
    void lookAgain() throws IOException {
        Optional<FileIdentity> now = FileIdentity.of(source);
        there = now.filter(identity::equals).isPresent()
                || now.filter(identity::isSameFile).isPresent() && hasSameContent();
        if (there) {
            identity = now.get();
        }
    }

    private boolean hasSameContent() throws IOException {
        try {
            return ContentKey.of(source).equals(key);
        } catch (NoSuchFileException | NoRegularFileException e) {
            return false;
        }
    }

    boolean isThere() {
        return there;
    }

    boolean isForced() {
        return forced;
    }

    void setForced() {
        forced = true;
    }

    /** Whether its job has to handle it: its content is not known, and no twin has it. */
    boolean isNew() {
        return entry == null && first == null && twin == null;
    }

    LedgerEntry entry() {
        return entry;
    }

    /** It is on its way since an earlier try, as its row says. */
    void leftover(LedgerEntry row) {
        entry = row;
    }

    /** It was handled and left there, and something but its content was changed since. */
    void touched(LedgerEntry row) {
        entry = row;
        touched = true;
    }

    boolean isTouched() {
        return touched;
    }

    void committed(LedgerEntry row) {
        entry = row;
        committed = true;
    }

    boolean isCommitted() {
        return committed;
    }

    Outcome.Handled outcome() {
        return outcome;
    }

    void outcome(Outcome.Handled said) {
        outcome = said;
    }

    LedgerEntry first() {
        return first;
    }

    void first(LedgerEntry known) {
        first = known;
    }

    Delivery twin() {
        return twin;
    }

    void twin(Delivery other) {
        twin = other;
    }

    /** Whether it has come to its end. */
    boolean isDone() {
        return done;
    }

    void setDone() {
        done = true;
    }

    @Override
    public String toString() {
        return route().id() + ": " + name();
    }
}
