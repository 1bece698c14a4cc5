package dev.buzon.intake;

import dev.buzon.Shell;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.GenericFile;

/**
 * A sender who rewrites a file that was chosen, or puts a link or a pipe in its place, at the step that its name says.
 * Named in a route of a test.
 */
public final class Swap {

    /** What the links lead to. */
    static volatile Path secret;
    /** What a file is rewritten with, one after another each time that it comes to the step. */
    static final Queue<String> rewritings = new ConcurrentLinkedQueue<>();

    public void key(Exchange exchange) throws Exception {
        swap(exchange, "-at-key");
    }

    public void stage(Exchange exchange) throws Exception {
        swap(exchange, "-at-stage");
    }

    private static void swap(Exchange exchange, String step) throws Exception {
        Path source = ((File) exchange.getProperty(Exchange.FILE_EXCHANGE_FILE, GenericFile.class)
                        .getFile())
                .toPath();
        String name = source.getFileName().toString();
        if (name.startsWith("link" + step)) {
            Files.delete(source);
            Files.createSymbolicLink(source, secret);
        } else if (name.startsWith("pipe" + step)) {
            Files.delete(source);
            Shell.run("mkfifo", source.toString());
        } else if (name.startsWith("rewritten" + step) && !rewritings.isEmpty()) {
            Files.writeString(source, rewritings.remove());
        }
    }
}
