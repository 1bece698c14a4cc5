package dev.buzon.spark;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.WrappedFile;
import org.apache.camel.support.SynchronizationAdapter;

/** The file in a message body as Spark's data set. */
final class FileDataSet {

    private static final Pattern EXTENSION = Pattern.compile("\\.[A-Za-z0-9]+$");

    private FileDataSet() {}

    /**
     * The file in the body: a {@link WrappedFile}, {@link File} or {@link Path}, or a list that begins with one.
     *
     * @param kind what the endpoint lacks, for the message
     * @throws IllegalStateException where the body holds no file
     */
    static Path in(Exchange exchange, String kind) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof List<?> list && !list.isEmpty()) {
            body = list.get(0);
        }
        if (body instanceof WrappedFile<?> wrapped) {
            body = wrapped.getFile();
        }
        if (body instanceof File file) {
            return file.toPath();
        }
        if (body instanceof Path path) {
            return path;
        }
        throw new IllegalStateException("No data set: no %s is given, and the body is no file but %s."
                .formatted(kind, body == null ? "null" : "a " + body.getClass().getName()));
    }

    /**
     * A link to the file under a name of our own, removed when the exchange is done. Spark takes names for globs and
     * lists of paths, leaves out those that begin with _ or a dot, and believes a checksum file beside them.
     *
     * @throws java.nio.file.FileSystemException if the file is itself a link, or no regular file
     * @param linkFolder null where it is the one for temporary files
     */
    static Path underSafeName(Exchange exchange, String kind, String linkFolder) throws IOException {
        Path file = RegularFiles.expectOrFolder(in(exchange, kind).toAbsolutePath());
        Matcher extension = EXTENSION.matcher(file.getFileName().toString());
        Path folder = linkFolder == null
                ? Files.createTempDirectory("spark-data-set")
                : Files.createTempDirectory(Path.of(linkFolder), "spark-data-set");
        Path link = folder.resolve("data" + (extension.find() ? extension.group() : ""));
        Files.createSymbolicLink(link, file);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                try {
                    Files.deleteIfExists(link);
                    Files.deleteIfExists(folder);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        return link;
    }
}
