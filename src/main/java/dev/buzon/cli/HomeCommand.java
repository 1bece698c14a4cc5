package dev.buzon.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command on a home. What {@link #call} returns is the exit code. */
abstract class HomeCommand implements Callable<Integer> {

    @Mixin
    private HomeOptions options;

    @Spec
    private CommandSpec spec;

    HomeOptions options() {
        return options;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** @return the exit code of a command that did nothing, for this reason */
    int refuse(String reason) {
        err().println(reason);
        return CommandLine.ExitCode.SOFTWARE;
    }
}
