package dev.buzon.cli;

import dev.buzon.Program;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import picocli.CommandLine;

/** Runs commands in this process. A process of its own takes a second of the processor. */
public final class InProcess {

    private static final String INSTALLATION = "buzonInstallation";

    private InProcess() {}

    static Program.Ended run(HomeCommand command, String... arguments) {
        CommandLine line = new CommandLine(command);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return run(line, arguments);
    }

    /** As the program's own command line does. */
    public static Program.Ended run(String... arguments) {
        return run(Buzon.commandLine(), arguments);
    }

    private static Program.Ended run(CommandLine line, String... arguments) {
        StringWriter printed = new StringWriter();
        PrintWriter writer = new PrintWriter(printed);
        line.setOut(writer).setErr(writer);
        System.setProperty(INSTALLATION, Path.of("").toAbsolutePath().toString());
        try {
            int exitCode = line.execute(arguments);
            writer.flush();
            return new Program.Ended(exitCode, printed.toString());
        } finally {
            System.clearProperty(INSTALLATION);
        }
    }
}
