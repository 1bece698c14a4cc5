package dev.buzon;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/** What the service in this process logs, as it appears in its log. Thread-safe. */
public final class RecordedLog implements AutoCloseable {

    private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
    private final Queue<String> events = new ConcurrentLinkedQueue<>();
    private final AbstractAppender appender;

    public RecordedLog() {
        Layout<?> layout = context.getConfiguration().getAppender("log").getLayout();
        appender = new AbstractAppender("recorded", null, null, true, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                events.add(new String(layout.toByteArray(event), StandardCharsets.UTF_8));
            }
        };
        appender.start();
        context.getConfiguration().getRootLogger().addAppender(appender, null, null);
    }

    /** What each call of a logger has written, the end of its line included. */
    public List<String> events() {
        return List.copyOf(events);
    }

    /** Those that hold a text. */
    public List<String> with(String text) {
        return events.stream().filter(event -> event.contains(text)).toList();
    }

    @Override
    public void close() {
        context.getConfiguration().getRootLogger().removeAppender(appender.getName());
        appender.stop();
    }
}
