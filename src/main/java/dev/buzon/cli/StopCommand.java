package dev.buzon.cli;

import dev.buzon.home.HomeLock;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Ends the daemon. */
@Command(
        name = "stop",
        description = "Stops the service, and returns when it has finished the file in hand.",
        mixinStandardHelpOptions = true)
final class StopCommand implements Callable<Integer> {

    @Mixin
    private HomeOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        OptionalLong holder = HomeLock.holder(options.home());
        Optional<ProcessHandle> process = holder.isPresent() ? ProcessHandle.of(holder.getAsLong()) : Optional.empty();
        if (process.isEmpty()) {
            spec.commandLine().getOut().println("Buzón is not running.");
            return 0;
        }
        process.get().destroy();
        process.get().onExit().get();
        spec.commandLine().getOut().println("Buzón has stopped.");
        return 0;
    }
}
