package dev.buzon.job;

import dev.buzon.spark.FileReference;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * A file that a job is to handle: what it is, and where the job stages what it makes of it. The body of the exchange is a
 * list of them, one for each file of the batch; each is a file to the {@code spark:} component. It may be sent to another machine: its folders are on a file system that all machines share.
 */
public final class InputFile implements FileReference {

    private static final long serialVersionUID = 1L;

    private final String route;
    private final String source;
    private final String key;
    private final long bytes;
    private final String charset;
    private final String results;
    private final String badRecords;
    private final ResultBound bound;
    /** What the names of staged files begin with: the key, or a name of a try. */
    private final String stem;
    /** Of the result, once somebody asked where it is to be. */
    private String resultExtension;

    /**
     * Made by the service.
     *
     * @param key SHA-256 of the content
     * @param charset null if it is to be told from the file
     * @param results the folder in which results are staged
     * @param badRecords the folder in which bad records are staged, which may be missing
     */
    public InputFile(
            String route,
            Path source,
            String key,
            long bytes,
            Charset charset,
            Path results,
            Path badRecords,
            ResultBound.Most most) {
        this.route = route;
        this.source = source.toString();
        this.key = key;
        this.bytes = bytes;
        this.charset = charset == null ? null : charset.name();
        this.results = results.toString();
        this.badRecords = badRecords.toString();
        this.bound = new ResultBound(results, badRecords, key, most);
        this.stem = key;
    }

    private InputFile(InputFile file) {
        this.route = file.route;
        this.source = file.source;
        this.key = file.key;
        this.bytes = file.bytes;
        this.charset = file.charset;
        this.results = file.results;
        this.badRecords = file.badRecords;
        this.bound = file.bound;
        this.stem = file.nameOfTry();
    }

    /** The same file, for a try of a task: what it stages is hidden. */
    InputFile inTry() {
        return new InputFile(this);
    }

    /** Null if nobody asked where the result is to be. */
    String resultExtension() {
        return resultExtension;
    }

    /** The id of its route. */
    public String route() {
        return route;
    }

    /** The file, absolute, under whatever name its sender gave it. To be read, not to be changed. */
    @Override
    public Path path() {
        return Path.of(source);
    }

    /** SHA-256 of the content, as 64 hexadecimal digits. */
    public String key() {
        return key;
    }

    /** Its size. */
    public long bytes() {
        return bytes;
    }

    /** What its text is encoded in, as the key {@code charset} of its route says; empty if it is to be told from it. */
    public Optional<Charset> charset() {
        return Optional.ofNullable(charset).map(Charset::forName);
    }

    /**
     * Where a job writes its result, which is published once the file is committed. A job writes one at most.
     *
     * @param extension with its dot
     */
    public Path stagedResult(String extension) {
        resultExtension = extension;
        return Path.of(results, stem + extension);
    }

    /**
     * Opens the result, to be written to.
     *
     * @param extension with its dot
     * @return not buffered; it throws {@link UnreadableFileException} once what is staged takes more than the route allows
     */
    public OutputStream openResult(String extension) throws IOException {
        return bound.open(stagedResult(extension));
    }

    /** Where a job writes the bad records, by {@link BadRecords}, which makes the folder. */
    public Path stagedBadRecords() {
        return Path.of(badRecords, stem + ".records.jsonl");
    }

    /**
     * A file among the staged ones for whatever a job needs until its file is committed: it is hidden, is not forced, and
     * is thrown away.
     *
     * @param extension with its dot
     */
    public Path scratch(String extension) {
        return Path.of(results, nameOfTry() + extension);
    }

    /** How much a job may stage for this file. */
    public ResultBound bound() {
        return bound;
    }

    /**
     * A name for what a try of a task writes, before the job moves it to {@link #stagedResult} or {@link
     * #stagedBadRecords}; another at each call: a try that Spark has given up may go on for a while, and is not to write
     * into the files of the one after it. It is hidden, so that it isn't taken for a result.
     */
    public String nameOfTry() {
        return "." + key + "-" + UUID.randomUUID();
    }

    @Override
    public String toString() {
        return route + ": " + path().getFileName();
    }
}
