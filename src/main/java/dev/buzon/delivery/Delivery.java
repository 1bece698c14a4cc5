package dev.buzon.delivery;

import dev.buzon.home.RouteSettings;
import dev.buzon.intake.FileIdentity;
import java.io.File;
import java.nio.file.Path;
import java.time.Instant;
import org.apache.camel.WrappedFile;

/**
 * One file on its way from the inbox to the archive, and the body of its exchange. It is a file to Camel's type
 * converters and to the {@code spark:} component. Used by one thread at a time.
 */
public final class Delivery implements WrappedFile<File> {

    private static final String RESULT = "result";

    private final RouteSettings route;
    private final Path source;
    private FileIdentity identity;
    private final String key;
    private final Instant startedAt;
    private final StepTimes times;
    private final long lease;
    /** Whether what is staged is of this try, and no commit may need it. */
    private boolean disposable;
    /** Whether the content of the source has been forced to disk. */
    private boolean forced;
    /** Once the file is committed: its row in the ledger. */
    private LedgerEntry entry;
    /** In the run that made it: what the job said. */
    private Outcome outcome;
    /** The row of the same content that came before, where this is a resend. */
    private LedgerEntry first;

    /** @param lease the number of the lease that this is under */
    Delivery(
            RouteSettings route,
            Path source,
            FileIdentity identity,
            String key,
            Instant startedAt,
            StepTimes times,
            long lease) {
        this.route = route;
        this.source = source;
        this.identity = identity;
        this.key = key;
        this.startedAt = startedAt;
        this.times = times;
        this.lease = lease;
    }

    @Override
    public File getFile() {
        return source.toFile();
    }

    @Override
    public Object getBody() {
        return source.toFile();
    }

    @Override
    public long getFileLength() {
        return identity.size();
    }

    public RouteSettings route() {
        return route;
    }

    public Path source() {
        return source;
    }

    public String name() {
        return source.getFileName().toString();
    }

    /** SHA-256 of the content. */
    public String getKey() {
        return key;
    }

    public FileIdentity identity() {
        return identity;
    }

    /** The source is another file now, with the same content. */
    void identity(FileIdentity identity) {
        this.identity = identity;
    }

    public Instant startedAt() {
        return startedAt;
    }

    long lease() {
        return lease;
    }

    public StepTimes times() {
        return times;
    }

    /** The folder in which a job stages what it makes; there, and empty, when the job is called. */
    public Path staging() {
        return route.outboxStaging().resolve(Staging.name(key, lease));
    }

    /**
     * Where a job writes its result, the only file of its staging that is published.
     *
     * @param extension with its dot
     */
    public Path stagedResult(String extension) {
        return staging().resolve(RESULT + extension);
    }

    String extensionOfResult(String stagedResult) {
        return stagedResult.substring(RESULT.length());
    }

    /** Where a job writes the bad records, by {@link RejectedRecords}, which makes the folder. */
    public Path stagedRejectedRecords() {
        return rejectedStaging().resolve("rejected.records.jsonl");
    }

    /** How much a job may write to {@link #stagedResult} and {@link #stagedRejectedRecords}. */
    public ResultBound resultBound() {
        return ResultBound.of(route, identity.size(), staging(), rejectedStaging());
    }

    Path rejectedStaging() {
        return route.rejectedStaging().resolve(Staging.name(key, lease));
    }

    Path stagedError() {
        return rejectedStaging().resolve("rejected.error.json");
    }

    SafeName safeName() {
        return SafeName.of(name(), key);
    }

    boolean isDisposable() {
        return disposable;
    }

    void setDisposable(boolean disposable) {
        this.disposable = disposable;
    }

    boolean isForced() {
        return forced;
    }

    void setForced() {
        forced = true;
    }

    LedgerEntry entry() {
        return entry;
    }

    void entry(LedgerEntry entry) {
        this.entry = entry;
    }

    Outcome outcome() {
        return outcome;
    }

    void outcome(Outcome outcome) {
        this.outcome = outcome;
    }

    LedgerEntry first() {
        return first;
    }

    void first(LedgerEntry first) {
        this.first = first;
    }

    @Override
    public String toString() {
        return route.route() + ": " + name();
    }
}
