package dev.buzon.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * A process that held a home: enough to tell it from any other that has its number, later or elsewhere.
 *
 * @param started the time of its start, as the system has it
 * @param namespace of its process id: a container has its own
 * @param boot changes with each start of the machine
 * @param home the private folder as the file system knows it, which a copy of it is not
 */
record ProcessRecord(long pid, String started, String namespace, String boot, String host, String home) {

    /** Where a process is. */
    enum Whereabouts {
        ALIVE,
        GONE,
        /** On another machine, or in another container. */
        ELSEWHERE,
        /** It runs here, as another user. */
        NOT_OURS
    }

    static ProcessRecord ofThisProcess(Home home) throws IOException {
        long pid = ProcessHandle.current().pid();
        return new ProcessRecord(
                pid, startOf(pid), namespaceHere(), bootHere(), HomeIdentity.thisHost(), identityOf(home));
    }

    /** What {@link #text} wrote; empty if it is anything else. */
    static Optional<ProcessRecord> parse(String text) {
        Map<String, String> fields = text.lines()
                .filter(line -> line.contains("="))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf('=')),
                        line -> line.substring(line.indexOf('=') + 1),
                        (first, second) -> second));
        try {
            return fields.keySet().containsAll(List.of("pid", "started", "namespace", "boot", "host", "home"))
                    ? Optional.of(new ProcessRecord(
                            Long.parseLong(fields.get("pid")),
                            fields.get("started"),
                            fields.get("namespace"),
                            fields.get("boot"),
                            fields.get("host"),
                            fields.get("home")))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    String text() {
        return "pid=" + pid + "\nstarted=" + started + "\nnamespace=" + namespace + "\nboot=" + boot + "\nhost=" + host
                + "\nhome=" + home + "\n";
    }

    /** Whether it held this home, and not one that this is a copy of. */
    boolean isOf(Home here) throws IOException {
        return home.equals(identityOf(here));
    }

    Whereabouts whereabouts() {
        boolean sameHost = host.equals(HomeIdentity.thisHost());
        if (!boot.equals(bootHere())) {
            return sameHost ? Whereabouts.GONE : Whereabouts.ELSEWHERE;
        }
        // The same machine may have got another name.
        if (!namespace.equals(namespaceHere()) || boot.isEmpty() && !sameHost) {
            return Whereabouts.ELSEWHERE;
        }
        if (started.isEmpty() || !started.equals(startOf(pid))) {
            return Whereabouts.GONE;
        }
        OptionalLong user = Users.of(pid);
        return user.isEmpty() || user.getAsLong() == Users.current() || Users.current() == Users.ROOT
                ? Whereabouts.ALIVE
                : Whereabouts.NOT_OURS;
    }

    private static String identityOf(Home home) throws IOException {
        return String.valueOf(Files.getAttribute(home.instanceFolder(), "fileKey"));
    }

    /** Empty if it has ended. */
    private static String startOf(long pid) {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        try {
            String text = Files.readString(stat);
            // What comes before is its name, which may hold anything.
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
            boolean hasEnded = fields[0].matches("[ZX]");
            return hasEnded ? "" : fields[19];
        } catch (IOException e) {
            // Of systems without /proc.
            return Files.exists(Path.of("/proc/self/stat"))
                    ? ""
                    : ProcessHandle.of(pid)
                            .flatMap(process -> process.info().startInstant())
                            .map(Instant::toString)
                            .orElse("");
        }
    }

    private static String namespaceHere() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static String bootHere() {
        return lineOf(Path.of("/proc/sys/kernel/random/boot_id")).orElse("");
    }

    private static Optional<String> lineOf(Path file) {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
