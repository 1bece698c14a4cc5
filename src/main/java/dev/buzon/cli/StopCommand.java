package dev.buzon.cli;

import dev.buzon.home.HomeLock;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Command;

/** Ends the daemon. */
@Command(
        name = "stop",
        description = "Stops the service, and returns when it has finished the file in hand.",
        mixinStandardHelpOptions = true)
final class StopCommand extends HomeCommand {

    @Override
    public Integer call() throws Exception {
        OptionalLong holder = HomeLock.holder(options().home());
        Optional<ProcessHandle> process = holder.isPresent() ? ProcessHandle.of(holder.getAsLong()) : Optional.empty();
        if (process.isEmpty()) {
            out().println("Buzón is not running.");
            return 0;
        }
        process.get().destroy();
        process.get().onExit().get();
        out().println("Buzón has stopped.");
        return 0;
    }
}
