package dev.buzon.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.home.Home;
import dev.buzon.home.Settings;
import dev.buzon.home.Time;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileEndpoint;
import org.apache.camel.component.file.GenericFileFilter;
import org.apache.camel.component.file.GenericFileOperations;
import org.apache.camel.component.file.strategy.GenericFileProcessStrategySupport;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InboxComponentTest {

    /** Leaves out what was handled and stays. */
    private static final PickupPolicy POLICY = new PickupPolicy() {
        @Override
        public List<SeenFile> unhandled(String route, List<SeenFile> files) {
            return files.stream()
                    .filter(file -> !file.name().startsWith("left"))
                    .toList();
        }

        @Override
        public boolean isDue(Path file, FileIdentity identity) {
            return true;
        }
    };

    @TempDir
    private Path folder;

    private final CamelContext camel = new DefaultCamelContext();
    /** The files that Camel asks its filter for. */
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private final List<String> taken = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Test
    void camelMeetsTheChosenFilesOfAnInboxAlone() throws Exception {
        poll("inbox/invoices", "&pollStrategy=#oldestFirst");

        await().until(() -> taken.containsAll(List.of("new-1", "new-2")));
        assertThat(asked).containsOnly("new-1", "new-2");
    }

    @Test
    void aFolderThatIsNoInboxIsPolledAsEver() throws Exception {
        poll("elsewhere", "");

        await().until(() -> taken.size() == 5);
        assertThat(taken).contains("left-1", "new-1");
    }

    @Test
    void aStrategyOfTheUsersOwnIsCamelsToUse() throws Exception {
        List<String> begun = new CopyOnWriteArrayList<>();
        camel.getRegistry().bind("strategy", new GenericFileProcessStrategySupport<File>() {
            @Override
            public boolean begin(
                    GenericFileOperations<File> operations,
                    GenericFileEndpoint<File> endpoint,
                    Exchange exchange,
                    GenericFile<File> file) {
                return begun.add(file.getFileName());
            }
        });
        poll("elsewhere", "&processStrategy=#strategy");

        await().until(() -> taken.size() == 5);
        assertThat(begun).contains("left-1", "new-1");
    }

    /** Three files that were left and two new ones. */
    private void poll(String name, String options) throws Exception {
        Path polled = Files.createDirectories(folder.resolve(name));
        for (String file : List.of("left-1", "left-2", "left-3", "new-1", "new-2")) {
            Files.writeString(polled.resolve(file), "x");
        }
        Properties given = new Properties();
        given.setProperty("buzon.invoices.quiet-period", "0ms");
        Settings settings = Settings.read(new Home(folder), Path.of("routes"), given);
        SettledFiles settled = new SettledFiles(settings.routes().values(), POLICY, folder, Time.SYSTEM);
        GenericFileFilter<File> filter = file -> asked.add(file.getFileName());
        camel.getRegistry().bind("file", new InboxComponent(settled));
        camel.getRegistry().bind("oldestFirst", new OldestFirst(settled));
        camel.getRegistry().bind("filter", filter);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("file:" + polled + "?initialDelay=0&noop=true&filter=#filter" + options)
                        .process(exchange ->
                                taken.add(exchange.getMessage().getHeader(Exchange.FILE_NAME, String.class)));
            }
        });
        camel.start();
    }
}
