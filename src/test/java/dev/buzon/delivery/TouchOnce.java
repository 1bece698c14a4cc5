package dev.buzon.delivery;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;

/** A sender who touches a file while it is read, the first time. Named in a route of a test. */
public final class TouchOnce {

    static final AtomicBoolean TOUCHED = new AtomicBoolean();

    public void touch(Exchange exchange) throws IOException {
        if (TOUCHED.compareAndSet(false, true)) {
            File source = exchange.getMessage().getBody(File.class);
            Files.setLastModifiedTime(source.toPath(), FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));
        }
    }
}
