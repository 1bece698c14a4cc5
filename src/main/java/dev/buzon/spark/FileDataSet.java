package dev.buzon.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/** The files in a message body as Spark's data set. */
final class FileDataSet {

    private static final Pattern EXTENSION = Pattern.compile("\\.[A-Za-z0-9]+$");

    private FileDataSet() {}

    /**
     * Links to the files in the body under names of our own, as URIs; they are removed when the exchange is done. Spark
     * takes names for globs and lists of paths, leaves out those that begin with _ or a dot, and believes a checksum file
     * beside them.
     *
     * @param kind what the endpoint lacks, for the message
     * @param linkFolder null for the one for temporary files
     * @throws IllegalStateException if the body holds no file; of a list that begins with one, what else is in it is
     *     passed over
     * @throws java.nio.file.FileSystemException if a file is itself a link, or no regular file
     */
    static List<String> underSafeNames(Exchange exchange, String kind, String linkFolder) throws IOException {
        List<Path> files = files(exchange.getMessage().getBody(), kind);
        Path folder = linkFolder == null
                ? Files.createTempDirectory("spark-data-set")
                : Files.createTempDirectory(Path.of(linkFolder), "spark-data-set");
        List<Path> links = new ArrayList<>();
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                try {
                    for (Path link : links) {
                        Files.deleteIfExists(link);
                    }
                    Files.deleteIfExists(folder);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        for (Path file : files) {
            Matcher extension = EXTENSION.matcher(
                    RegularFiles.expectOrFolder(file).getFileName().toString());
            Path link = folder.resolve(
                    "data" + (links.isEmpty() ? "" : links.size()) + (extension.find() ? extension.group() : ""));
            links.add(Files.createSymbolicLink(link, file));
        }
        return links.stream().map(link -> link.toUri().toString()).toList();
    }

    private static List<Path> files(Object body, String kind) {
        List<?> elements = body instanceof List<?> list && !list.isEmpty() ? list : Collections.singletonList(body);
        List<Path> files = new ArrayList<>();
        for (Object element : elements) {
            if (FileSplits.isFile(element)) {
                files.add(FileSplits.path(element));
            }
        }
        if (files.isEmpty()) {
            throw new IllegalStateException("No data set: no %s is given, and the body is no file but %s."
                    .formatted(
                            kind, body == null ? "null" : "a " + body.getClass().getName()));
        }
        return files;
    }
}
