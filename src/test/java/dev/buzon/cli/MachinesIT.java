package dev.buzon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.buzon.ClassArchive;
import dev.buzon.Shell;
import dev.buzon.TestHome;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program on machines that are common, and not as a developer's own. */
class MachinesIT {

    private static final Path BUILT = Path.of("target/buzon").toAbsolutePath();
    /** A busy machine takes a minute for a start without the class archive. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** What runs here is over before the second compiler has paid for itself. */
    private static final String ONE_COMPILER = "-XX:TieredStopAtLevel=1";

    private static final String QUICKLY = "-Dbuzon.invoices.quiet-period=10ms";
    private static final String INVOICE = "{\"InvoiceNumber\":\"%s\",\"InvoiceLineItems\":[{\"ItemCode\":\"x\"}]}\n";

    /** Runs a command as a user whose number has no name. */
    private static final List<String> AS_NOBODY =
            List.of("setpriv", "--reuid", "54321", "--regid", "54321", "--clear-groups");

    @BeforeAll
    static void letTheLauncherBeReady() throws IOException {
        ClassArchive.make();
    }

    /** What a command has printed, and where. */
    private record Printed(int exitCode, String output, String errors) {}

    private static Printed run(Path folder, List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        Path errors = Files.createTempFile(folder, "errors", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
        builder.environment().put("JAVA_OPTS", ONE_COMPILER);
        Process process = builder.start();
        return new Printed(process.waitFor(), Files.readString(output), Files.readString(errors));
    }

    /** No address for the host's name, no name for the user's number, no temporary folder that is any good. */
    @Nested
    class OnAPoorMachine {

        @TempDir
        private Path folder;

        @Test
        void itStartsAndHandlesFilesAndAHangUpStopsItInGoodOrder() throws Exception {
            Path home = Files.createDirectory(folder.resolve("home"));
            letIn(folder);
            Shell.assume(with(AS_NOBODY, "test", "-r", BUILT.resolve("lib/.").toString()));
            Shell.run("chown", "54321:54321", home.toString());
            // What lies below /tmp is seen again at its place, as another file system takes that. Elsewhere no class
            // archive would fit.
            String prepare =
                    """
                    hostname nowhere && mount -t tmpfs tmpfs /mnt && mkdir /mnt/home /mnt/buzon
                    mount --bind "$0" /mnt/home && mount --rbind "$1" /mnt/buzon
                    mount -t tmpfs -o noexec,mode=1777 tmpfs /tmp
                    mkdir -p "$1" && mount --rbind /mnt/buzon "$1" && cd "$1" && shift && exec "$@"
                    """;
            List<String> command = new ArrayList<>(List.of("unshare", "-u", "-m", "sh", "-e", "-c", prepare));
            command.addAll(List.of(home.toString(), Path.of("").toAbsolutePath().toString()));
            Shell.assume(Stream.concat(command.stream(), Stream.of("true")).toArray(String[]::new));
            command.addAll(AS_NOBODY);
            command.addAll(List.of("./buzon", "run", "--home", "/mnt/home", "-Dbuzon.web.port=0", QUICKLY));
            Path log = folder.resolve("log");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment().put("JAVA_OPTS", ONE_COMPILER);
            Process daemon = builder.start();
            try {
                TestHome poor = new TestHome(home);
                await().atMost(PATIENCE).until(() -> Files.exists(home.resolve(".buzon/ready")) || !daemon.isAlive());
                assertThat(daemon.isAlive()).as(Files.readString(log)).isTrue();
                poor.drop("invoices", "a.json", INVOICE.formatted("a"));
                await().atMost(PATIENCE)
                        .until(() -> poor.files("outbox/invoices").size() == 1);

                Shell.signal("HUP", daemon.toHandle());
                Shell.signal("HUP", daemon.toHandle());

                assertThat(daemon.waitFor()).isZero();
                assertThat(home.resolve(".buzon/ready")).doesNotExist();
                assertThat(log)
                        .content()
                        .contains("SIGHUP: Buzón stops")
                        .contains("shutdown in")
                        .doesNotContain("Exception");
            } finally {
                daemon.destroyForcibly();
            }
        }
    }

    @Test
    void aHostWithoutAnAddressIsToldWhatAClusterNeeds(@TempDir Path folder) throws Exception {
        Shell.assume("unshare", "-u", "true");
        String run = "hostname nowhere; exec \"$0\" run --home \"$1\" -Dspark.master=spark://192.0.2.1:7077"
                + " -Dspark.authenticate.secret=hush -Dbuzon.web.port=0";

        Printed refused = run(
                folder,
                List.of(
                        "unshare",
                        "-u",
                        "sh",
                        "-c",
                        run,
                        Path.of("buzon").toAbsolutePath().toString(),
                        folder.resolve("home").toString()));

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.errors()).contains("spark.driver.host is missing").hasLineCount(1);
    }

    @Nested
    class TheLauncher {

        @TempDir
        private Path folder;

        /** JUnit warns of a link that leads out of a temporary folder when it deletes the folder. */
        @AfterEach
        void removeTheLink() throws IOException {
            Path built = folder.resolve("copy/target/buzon");
            if (Files.exists(built)) {
                Files.setPosixFilePermissions(built, PosixFilePermissions.fromString("rwx------"));
                Files.deleteIfExists(built.resolve("lib"));
            }
        }

        /** Of a built checkout, without its sources. */
        private Path copy() throws IOException {
            Path copy = folder.resolve("copy");
            Path built = Files.createDirectories(copy.resolve("target/buzon"));
            for (String file : List.of("buzon", "pom.xml")) {
                Files.copy(Path.of(file), copy.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
            }
            FileUtils.copyDirectory(new File("routes"), copy.resolve("routes").toFile());
            Files.copy(BUILT.resolve("buzon.jar"), built.resolve("buzon.jar"));
            Files.createSymbolicLink(built.resolve("lib"), BUILT.resolve("lib").toRealPath());
            return copy;
        }

        /** With tools in place of a JDK and of Maven that only say how they were called. */
        private Printed runWithTools(Path launcher, String... environment) throws IOException, InterruptedException {
            Path tools = folder.resolve("tools");
            if (Files.notExists(tools)) {
                Files.createDirectory(tools);
                tool(
                        "java",
                        """
                        case "$*" in
                          *-XshowSettings*) echo ' java.specification.version = 17' ;;
                          *-XX:ArchiveClassesAtExit*) for a; do case $a in *AtExit=*) echo new >"${a#*=}" ;; esac; done ;;
                          *) echo "$@" ;;
                        esac
                        """);
                tool("javac", "exit 1");
                tool("mvn", "echo called >>\"$0.calls\"");
            }
            List<String> command = new ArrayList<>(List.of("env", "-u", "JAVA_HOME"));
            command.add("PATH=" + tools + ":" + System.getenv("PATH"));
            command.addAll(Arrays.asList(environment));
            command.addAll(List.of(launcher.toString(), "--version"));
            return run(folder, command);
        }

        private void tool(String name, String script) throws IOException {
            Path file = Files.writeString(folder.resolve("tools/" + name), "#!/bin/sh\n" + script);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        }

        /** As somebody who can't write to the copy. */
        private Printed asAnother(Path copy, String... arguments) throws IOException, InterruptedException {
            List<String> command = new ArrayList<>();
            letIn(folder);
            Files.setPosixFilePermissions(copy.resolve("target/buzon"), PosixFilePermissions.fromString("r-xr-xr-x"));
            if (Files.isWritable(copy.resolve("target/buzon"))) {
                Shell.assume(
                        with(AS_NOBODY, "test", "-r", BUILT.resolve("lib/.").toString()));
                command.addAll(AS_NOBODY);
            }
            command.add(copy.resolve("buzon").toString());
            command.addAll(Arrays.asList(arguments));
            return run(folder, command);
        }

        @Test
        void ofACopyThatCantBeWrittenPutsNothingButTheAnswerOnStandardOutput() throws Exception {
            Path copy = copy();
            Path built = copy.resolve("target/buzon");
            // That of the checkout does not fit here.
            for (String file : List.of("classes.jsa", "java")) {
                Files.copy(BUILT.resolve(file), built.resolve(file));
                Files.setPosixFilePermissions(built.resolve(file), PosixFilePermissions.fromString("rw-r--r--"));
            }

            Printed status = asAnother(
                    copy,
                    "status",
                    "--json",
                    "--home",
                    folder.resolve("nowhere").toString());

            assertThat(status.exitCode()).as(status.errors()).isEqualTo(3);
            assertThat(status.output()).startsWith("{");
            assertThat(new ObjectMapper()
                            .readTree(status.output())
                            .at("/health/state")
                            .asText())
                    .isEqualTo("DOWN");
        }

        @Test
        void makesTheClassArchiveOfACopyAnewAndNeedsNoTemporaryFolderForIt() throws Exception {
            Path copy = copy();
            Path built = copy.resolve("target/buzon");
            Files.writeString(built.resolve("classes.jsa"), "of another place");
            Files.writeString(built.resolve("java"), "of another place");

            Printed first = runWithTools(copy.resolve("buzon"), "TMPDIR=/nowhere");
            Printed second = runWithTools(copy.resolve("buzon"), "TMPDIR=/nowhere");

            assertThat(first.exitCode()).as(first.errors()).isZero();
            assertThat(first.errors()).contains("preparing faster starts");
            assertThat(built.resolve("classes.jsa")).hasContent("new");
            assertThat(first.output()).contains("-XX:SharedArchiveFile=" + built.resolve("classes.jsa"));
            assertThat(second).isEqualTo(new Printed(0, first.output(), ""));
            try (Stream<Path> files = Files.list(built)) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrder("buzon.jar", "classes.jsa", "java", "lib");
            }
        }

        @Test
        void findsItsFolderThroughLinks() throws Exception {
            Path copy = copy();
            Path link = Files.createSymbolicLink(folder.resolve("link"), copy.resolve("buzon"));
            Path linkToLink = Files.createSymbolicLink(folder.resolve("linkToLink"), link);

            Printed version = runWithTools(linkToLink);

            assertThat(version.exitCode()).as(version.errors()).isZero();
            assertThat(version.output()).contains("-jar " + copy.resolve("target/buzon/buzon.jar") + " --version");
        }

        @Test
        void tellsWhoCantReadOrBuildItInOneLineWhatToDo() throws Exception {
            Path copy = copy();
            Files.setPosixFilePermissions(copy.resolve("target"), PosixFilePermissions.fromString("r-xr-xr-x"));
            Files.setLastModifiedTime(
                    copy.resolve("pom.xml"), FileTime.from(Instant.now().plusSeconds(60)));

            Printed newer = asAnother(copy, "--version");
            Files.setPosixFilePermissions(copy.resolve("target/buzon/buzon.jar"), Set.of());
            Printed unreadable = asAnother(copy, "--version");

            assertThat(newer.exitCode()).isEqualTo(1);
            assertThat(newer.errors()).contains("the sources are newer").hasLineCount(1);
            assertThat(unreadable.exitCode()).isEqualTo(1);
            assertThat(unreadable.errors()).contains("chmod -R a+rX").hasLineCount(1);
            assertThat(newer.output() + unreadable.output()).isEmpty();
        }

        @Test
        void buildsSourcesThatAreNewAndNotThoseThatOnlyHaveANewTime() throws Exception {
            Path copy = copy();
            Path pom = copy.resolve("pom.xml");
            Path calls = folder.resolve("tools/mvn.calls");

            Files.setLastModifiedTime(pom, FileTime.from(Instant.now()));
            runWithTools(copy.resolve("buzon"));
            assertThat(calls).hasContent("called");
            Files.setLastModifiedTime(pom, FileTime.from(Instant.now()));
            Printed touched = runWithTools(copy.resolve("buzon"));

            assertThat(touched.exitCode()).as(touched.errors()).isZero();
            assertThat(calls).hasContent("called");
            Files.writeString(pom, "<!-- changed -->\n" + Files.readString(pom));
            runWithTools(copy.resolve("buzon"));
            assertThat(calls).hasContent("called\ncalled");
        }

        @Test
        void saysThatTooFewFilesMayBeOpen() throws Exception {
            String launcher = Path.of("buzon").toAbsolutePath().toString();

            Printed few = run(folder, List.of("sh", "-c", "ulimit -n 256; exec \"$0\" --version", launcher));

            assertThat(few.exitCode()).isEqualTo(1);
            assertThat(few.output()).isEmpty();
            assertThat(few.errors()).contains("256 files").contains("ulimit -n").hasLineCount(1);
        }

        @Test
        void endsAStartThatTakesTooLong() throws Exception {
            Path home = folder.resolve("home");
            String launcher = Path.of("buzon").toAbsolutePath().toString();

            Printed start = run(
                    folder,
                    List.of(
                            launcher,
                            "start",
                            "--home",
                            home.toString(),
                            "-Dbuzon.web.port=0",
                            "-Dbuzon.start-timeout=1ms",
                            "-Dbuzon.spark.executor-wait=1ms",
                            "-Dbuzon.stop-timeout=1ms"));

            assertThat(start.exitCode()).isEqualTo(1);
            assertThat(start.errors()).contains("was not ready after 0 s, and was ended");
            assertThat(home.resolve(".buzon/ready")).doesNotExist();
            assertThat(ProcessHandle.allProcesses().flatMap(process -> process.info().arguments().stream()
                            .flatMap(Arrays::stream)))
                    .doesNotContain(home.toString());
        }
    }

    private static String[] with(List<String> before, String... command) {
        return Stream.concat(before.stream(), Arrays.stream(command)).toArray(String[]::new);
    }

    private static void letIn(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
