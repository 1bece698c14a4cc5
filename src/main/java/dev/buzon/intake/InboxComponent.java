package dev.buzon.intake;

import java.io.File;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
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
import org.apache.camel.util.function.Suppliers;

/**
 * Camel's {@code file:}, whose consumers are given the files of an inbox that {@link SettledFiles} chose. Camel's own
 * lists the inbox once more, with all names in memory, and an inbox may keep millions.
 */
public final class InboxComponent extends FileComponent {

    private final SettledFiles settled;

    public InboxComponent(SettledFiles settled) {
        this.settled = settled;
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
            Optional<Collection<String>> chosen = settled.chosen(getEndpoint().getFile());
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
    }
}
