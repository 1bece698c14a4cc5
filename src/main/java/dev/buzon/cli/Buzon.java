package dev.buzon.cli;

import dev.buzon.home.FileFailure;
import dev.buzon.home.SettingsException;
import java.nio.file.FileSystemException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program. */
@Command(
        name = "buzon",
        description =
                "A drop-folder service: every file is handled exactly once, and anyone can see what became of it.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            StartCommand.class,
            StopCommand.class,
            StatusCommand.class,
            HistoryCommand.class,
            ReplayCommand.class,
            MoveLedgerCommand.class,
            SimulateCommand.class,
            DemoCommand.class
        })
public final class Buzon {

    private Buzon() {}

    /** Exits with 0, or 1 where the command failed, 2 where it was not understood; status has codes of its own. */
    public static void main(String[] arguments) {
        // Spark's threads would keep a process alive whose start failed: always exit explicitly.
        System.exit(commandLine().execute(arguments.length == 0 ? new String[] {"--help"} : arguments));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Buzon());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setParameterExceptionHandler((exception, given) -> {
            CommandLine command = exception.getCommandLine();
            command.getErr()
                    .println(exception.getMessage() + " See "
                            + command.getCommandSpec().qualifiedName() + " --help.");
            return CommandLine.ExitCode.USAGE;
        });
        commandLine.setExecutionExceptionHandler((exception, command, result) -> {
            boolean ofFile = exception instanceof FileSystemException;
            boolean expected = ofFile || exception instanceof SettingsException;
            command.getErr()
                    .println(
                            ofFile
                                    ? FileFailure.inWords(exception)
                                    : expected ? exception.getMessage() : exception.toString());
            if (!expected) {
                exception.printStackTrace(command.getErr());
            }
            return CommandLine.ExitCode.SOFTWARE;
        });
        return commandLine;
    }
}
