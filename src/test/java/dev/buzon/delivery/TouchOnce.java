package dev.buzon.delivery;

import dev.buzon.intake.InboxComponent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;

/** A sender who touches or replaces a file while it is on its way, the first time. Named in a route of a test. */
public final class TouchOnce {

    static final String REPLACEMENT = "{\"InvoiceNumber\":\"other\",\"InvoiceLineItems\":[{\"ItemCode\":\"other\"}]}";

    static final AtomicBoolean TOUCHED = new AtomicBoolean();

    /** Another file comes under its name. */
    public void replace(Exchange exchange) throws IOException {
        if (TOUCHED.compareAndSet(false, true)) {
            Path source = source(exchange);
            Path other = Files.writeString(source.resolveSibling("other.tmp"), REPLACEMENT);
            Files.move(other, source, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    public void touch(Exchange exchange) throws IOException {
        if (TOUCHED.compareAndSet(false, true)) {
            Files.setLastModifiedTime(source(exchange), FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));
        }
    }

    private static Path source(Exchange exchange) {
        return InboxComponent.files(exchange).get(0);
    }
}
