package dev.buzon.intake;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;
import org.apache.camel.component.file.FileComponent;
import org.apache.camel.component.file.FileConsumer;
import org.apache.camel.component.file.FileEndpoint;
import org.apache.camel.component.file.FileEndpointConfigurer;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileEndpoint;
import org.apache.camel.component.file.GenericFileOperations;
import org.apache.camel.component.file.GenericFileProcessStrategy;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.util.CastUtils;
import org.apache.camel.util.function.Suppliers;

/**
 * Camel's {@code file:}, whose consumers are given the files of an inbox that {@link SettledFiles} chose, in batches.
 * Camel's own lists the inbox once more, with all names in memory, and an inbox may keep millions.
 */
public final class InboxComponent extends FileComponent {

    /** The exchange's property that holds the files of its batch. */
    private static final String FILES = "BuzonFiles";

    private final SettledFiles settled;

    public InboxComponent(SettledFiles settled) {
        this.settled = settled;
    }

    /** The sources that an exchange of a {@code file:} consumer is for, the oldest first; absolute. */
    public static List<Path> files(Exchange exchange) {
        return genericFiles(exchange).stream()
                .map(file -> ((File) file.getFile()).toPath().toAbsolutePath())
                .toList();
    }

    /** The size of these sources in bytes, as the poll found it. */
    public static long bytes(Exchange exchange) {
        return genericFiles(exchange).stream()
                .mapToLong(GenericFile::getFileLength)
                .sum();
    }

    private static List<GenericFile<?>> genericFiles(Exchange exchange) {
        @SuppressWarnings("unchecked") // Nobody else has this property.
        List<GenericFile<?>> files = exchange.getProperty(FILES, List.class);
        GenericFile<?> only = exchange.getProperty(Exchange.FILE_EXCHANGE_FILE, GenericFile.class);
        return files != null ? files : only == null ? List.of() : List.of(only);
    }

    @Override
    protected GenericFileEndpoint<File> buildFileEndpoint(String uri, String remaining, Map<String, Object> parameters)
            throws Exception {
        FileEndpoint camels = (FileEndpoint) super.buildFileEndpoint(uri, remaining, parameters);
        FileEndpoint endpoint = new Endpoint(uri);
        endpoint.setFile(camels.getFile());
        endpoint.setConfiguration(camels.getConfiguration());
        return endpoint;
    }

    /** Camel finds it by the annotation of its component, which no class inherits. */
    @Override
    public PropertyConfigurer getEndpointPropertyConfigurer() {
        return new FileEndpointConfigurer();
    }

    private final class Endpoint extends FileEndpoint {

        Endpoint(String uri) {
            super(uri, InboxComponent.this);
        }

        @Override
        protected FileConsumer newFileConsumer(Processor processor, GenericFileOperations<File> operations) {
            return new Consumer(
                    this,
                    processor,
                    operations,
                    Objects.requireNonNullElseGet(getProcessStrategy(), this::createGenericFileStrategy));
        }
    }

    private final class Consumer extends FileConsumer {

        private static final File[] NO_OTHERS = {};

        Consumer(
                FileEndpoint endpoint,
                Processor processor,
                GenericFileOperations<File> operations,
                GenericFileProcessStrategy<File> strategy) {
            super(endpoint, processor, operations, strategy);
        }

        @Override
        protected boolean pollDirectory(Exchange dynamic, String folder, List<GenericFile<File>> files, int depth) {
            Optional<Collection<String>> chosen =
                    settled.chosen(getEndpoint().getFile().toPath());
            if (chosen.isEmpty()) {
                return super.pollDirectory(dynamic, folder, files, depth);
            }
            for (String name : chosen.get()) {
                File file = new File(folder, name);
                Supplier<GenericFile<File>> candidate = Suppliers.memorize(() -> asGenericFile(
                        folder, file, getEndpoint().getCharset(), getEndpoint().isProbeContentType()));
                if (isValidFile(dynamic, candidate, name, file.getAbsolutePath(), () -> name, false, NO_OTHERS)) {
                    files.add(candidate.get());
                }
            }
            return true;
        }

        /** One exchange for each batch of an inbox. */
        @Override
        public int processBatch(Queue<Object> polled) {
            Path folder = getEndpoint().getFile().toPath();
            if (!settled.isInbox(folder)) {
                return super.processBatch(polled);
            }
            int total = polled.size();
            int begun = 0;
            while (!polled.isEmpty() && isBatchAllowed()) {
                Deque<Exchange> batch =
                        settled.nextBatch(folder, CastUtils.<Exchange>cast(polled), exchange -> files(exchange)
                                .get(0));
                Exchange exchange = batch.remove();
                List<GenericFile<?>> files = new ArrayList<>(genericFiles(exchange));
                batch.forEach(other -> files.addAll(genericFiles(other)));
                exchange.setProperty(FILES, files);
                exchange.setProperty(ExchangePropertyKey.BATCH_INDEX, begun);
                exchange.setProperty(ExchangePropertyKey.BATCH_SIZE, total);
                exchange.setProperty(ExchangePropertyKey.BATCH_COMPLETE, polled.isEmpty());
                begun += files.size();
                pendingExchanges = polled.size();
                if (!processExchange(exchange)) {
                    releaseExchange(exchange, true);
                }
                removeExcessiveInProgressFiles(batch, 0);
            }
            removeExcessiveInProgressFiles(CastUtils.cast((Deque<?>) polled), 0);
            return begun;
        }
    }
}
