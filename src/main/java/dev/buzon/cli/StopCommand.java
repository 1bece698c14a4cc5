package dev.buzon.cli;

import dev.buzon.home.Holder;
import dev.buzon.home.HomeLock;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Ends the daemon. */
@Command(
        name = "stop",
        description = "Stops the service, and returns when it has finished the file in hand.",
        mixinStandardHelpOptions = true)
final class StopCommand extends HomeCommand {

    @Override
    public Integer call() throws Exception {
        Optional<Holder> holder = HomeLock.holder(options().home());
        if (holder.isEmpty()) {
            out().println("Buzón is not running.");
            return 0;
        }
        if (holder.get().process().isEmpty()) {
            return refuse(
                    "Buzón was not stopped: the home is held by " + holder.get().description() + ".");
        }
        ProcessHandle process = holder.get().process().get();
        process.destroy();
        process.onExit().get();
        out().println("Buzón has stopped.");
        return 0;
    }
}
