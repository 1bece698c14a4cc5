package dev.buzon.cli;

import dev.buzon.home.RouteSettings;
import dev.buzon.simulate.MadeUp;
import dev.buzon.simulate.Sender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.camel.util.TimeUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** A sender of files. */
@Command(
        name = "simulate",
        description = "Drops files into an inbox, one after another: chosen at random from a folder, or made up.",
        mixinStandardHelpOptions = true)
final class SimulateCommand extends HomeCommand {

    @Parameters(paramLabel = "invoices|bizums", description = "What to send.")
    private MadeUp kind;

    @Option(names = "--from", paramLabel = "DIR", description = "Send files of this folder. Default: make them up.")
    private Path from;

    @Option(names = "--count", defaultValue = "20", description = "How many. Default: ${DEFAULT-VALUE}.")
    private int count;

    @Option(
            names = "--every",
            defaultValue = "10s",
            converter = Millis.class,
            description = "How long between two of them. Default: ${DEFAULT-VALUE}.")
    private long everyMillis;

    @Option(names = "--seed", description = "The same seed makes, or chooses, the same files.")
    private Long seed;

    @Override
    public Integer call() throws Exception {
        RouteSettings route = options().settings().route(kind.name().toLowerCase(Locale.ROOT));
        Files.createDirectories(route.inbox());
        Sender sender = new Sender(route.inbox());
        Random random = seed == null ? new Random() : new Random(seed);
        for (int i = 1; i <= count; i++) {
            try {
                String name =
                        from == null ? sender.send(kind.name(i), kind.content(random)) : sender.sendOneOf(from, random);
                out().printf("sent %s (%d of %d)%n", name, i, count);
            } catch (IOException e) {
                err().printf("not sent (%d of %d): %s%n", i, count, e);
            }
            out().flush();
            if (i < count) {
                TimeUnit.MILLISECONDS.sleep(everyMillis);
            }
        }
        return 0;
    }

    private static final class Millis implements ITypeConverter<Long> {
        @Override
        public Long convert(String value) {
            try {
                return TimeUtils.toMilliSeconds(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'" + value + "' is no duration such as 250ms, 10s or 1m.");
            }
        }
    }
}
