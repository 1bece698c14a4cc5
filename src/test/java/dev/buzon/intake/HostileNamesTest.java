package dev.buzon.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.RecordedLog;
import dev.buzon.Shell;
import dev.buzon.TestHome;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names are data, and what is no file is left alone: one service meets them all. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileNamesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private RecordedLog log;
    private TestHome home;
    private Path inbox;
    private int files;

    @BeforeAll
    void start() throws Exception {
        log = new RecordedLog();
        home = new TestHome(folder.resolve("home")).start();
        inbox = home.path("inbox/invoices");
    }

    @AfterAll
    void stop() throws Exception {
        try {
            home.stop();
        } finally {
            log.close();
        }
    }

    private static List<String> names() {
        return List.of(
                "a b.json",
                "_x.json",
                "_SUCCESS",
                "{a,b}.json",
                "*",
                "[o]k.json",
                "?",
                "c:d.json",
                "file:x",
                "a,b.json",
                "x%20y.json",
                "x..%2fy.json",
                "x..",
                "new\nline.json",
                "quote\"it's.json",
                "a&fileExist=Override",
                "${file:name}.json",
                "{{buzon.invoices.inbox}}.json",
                "$(touch pwned);.json",
                "-rf.json",
                "~x.json",
                " x .json ",
                "factura-ñ.json",
                "factura-n\u0303.json",
                "x\u202Enosj.json",
                "x\u001b[31m.json",
                "x\u2028y.json",
                "x.csv.gz",
                "x._COPYING_",
                "x.json#fragment?query",
                "n".repeat(250) + ".json",
                "ñ".repeat(125) + ".json",
                "n." + "e".repeat(253),
                "😀".repeat(62) + ".json");
    }

    @ParameterizedTest
    @MethodSource("names")
    void aRegularFileIsHandledWhateverItsName(String name) throws Exception {
        String number = nextNumber();

        dropAndAwait(name, number);

        assertHandledOnce(name, number);
    }

    @Test
    void aNameOfBytesThatAreNoTextIsEncodedFirst() throws Exception {
        String number = nextNumber();
        Path whole = prepare(number);

        Shell.assume(
                "sh", "-c", "mv \"$1\" \"$2/$(printf 'caf\\351.json')\"", "sh", whole.toString(), inbox.toString());
        await().atMost(PATIENCE).until(() -> row("caf%E9.json") != null);

        assertHandledOnce("caf%E9.json", number);
        assertThat(log.with("caf%E9.json: called so")).hasSize(1);
    }

    @Test
    void evenTheLongestName() throws Exception {
        String number = nextNumber();
        Path whole = prepare(number);

        Shell.assume(
                "sh",
                "-c",
                "mv \"$1\" \"$2/$(printf '%0248d\\377\\377.json' 0)\"",
                "sh",
                whole.toString(),
                inbox.toString());
        await().atMost(PATIENCE).until(() -> resultsOf(number).size() == 1 && !isInInbox("000000"));

        assertThat(resultsOf(number)).hasSize(1);
    }

    @Test
    void aLinkToAFolderIsNotFollowedAndSaidOnce() throws Exception {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.writeString(outside.resolve("in.json"), invoice("in"));
        Path link = Files.createSymbolicLink(inbox.resolve("link-to-folder.json"), outside);

        assertLeftAlone(List.of(link), "it is a symbolic link");

        assertThat(outside.resolve("in.json")).hasContent(invoice("in"));
        assertThat(resultsOf("in")).isEmpty();
    }

    @Test
    void aFolderIsLeftAloneAndSaidOnce() throws Exception {
        Path sub = Files.createDirectory(inbox.resolve("folder.json"));

        assertLeftAlone(List.of(sub), "it is ");
    }

    @Test
    void aBackslashIsNoSeparator() throws Exception {
        String number = nextNumber();

        dropAndAwait("back\\slash.json", number);

        await().atMost(PATIENCE).until(() -> resultsOf(number).size() == 1);
        assertNothingElsewhere();
    }

    @Test
    void hiddenFilesAreLeftAlone() throws Exception {
        List<String> hidden = List.of(".x", "..x", "..%2fx.json", ".x.json.crc", ".x.csv.crc");
        for (String name : hidden) {
            Files.writeString(inbox.resolve(name), "planted");
        }

        dropAndAwait("x.json", nextNumber());
        dropAndAwait("x.csv", nextNumber());

        for (String name : hidden) {
            assertThat(inbox.resolve(name)).hasContent("planted");
            Files.delete(inbox.resolve(name));
        }
        assertThat(home.files("archive/rejected/invoices")).noneMatch(name -> name.contains("crc"));
    }

    @Test
    void aHardLinkIsAFileLikeAnyOther() throws Exception {
        String number = nextNumber();
        Path outside = prepare(number);

        Files.createLink(inbox.resolve("hard.json"), outside);
        await().atMost(PATIENCE).until(() -> Files.notExists(inbox.resolve("hard.json")));

        assertHandledOnce("hard.json", number);
        assertThat(outside).hasContent(invoice(number));
        Files.delete(outside);
    }

    @Test
    void linksAreNotFollowedAndSaidOnce() throws Exception {
        Path outside = Files.writeString(folder.resolve("outside.json"), invoice("outside"));
        List<Path> links = List.of(
                Files.createSymbolicLink(inbox.resolve("link-to-file.json"), outside),
                Files.createSymbolicLink(inbox.resolve("link-to-nowhere.json"), folder.resolve("nowhere.json")),
                Files.createSymbolicLink(inbox.resolve("link-to-itself.json"), Path.of("link-to-itself.json")));

        assertLeftAlone(links, "it is a symbolic link");

        assertThat(outside).hasContent(invoice("outside"));
        assertThat(folder.resolve("nowhere.json")).doesNotExist();
        assertThat(resultsOf("outside")).isEmpty();
    }

    @Test
    void aPipeIsNotWaitedForAndSaidOnce() throws Exception {
        Path pipe = inbox.resolve("pipe.json");
        Shell.assume("mkfifo", pipe.toString());

        assertLeftAlone(List.of(pipe), "");
    }

    @Test
    void aSocketIsLeftAloneAndSaidOnce() throws Exception {
        // Its path may have about a hundred bytes.
        Path made = Path.of("/tmp/buzon-" + ProcessHandle.current().pid());
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(made));
            Path there = Files.move(made, inbox.resolve("socket.json"));

            assertLeftAlone(List.of(there), "");
        } finally {
            Files.deleteIfExists(made);
        }
    }

    @Test
    void aDeviceIsLeftAloneAndSaidOnce() throws Exception {
        Path device = inbox.resolve("null.json");
        Shell.assume("mknod", device.toString(), "c", "1", "3");

        assertLeftAlone(List.of(device), "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"InvoiceNumber\":\"1\",\"InvoiceLineItems\":[{\"ItemPrice\":\"\\u001b[2J\\u202e\\u2028"
                        + "2026-01-01 00:00:00.000 INFO  forged\\n2026-01-01 00:00:00.000 INFO  forged\\r\\u0085\"}]}",
                "no json \u001b[2J\u202e\u2028\u00852026-01-01 00:00:00.000 INFO  forged"
            })
    void aContentForgesNoLineOfTheLog(String content) throws Exception {
        home.drop("invoices", "forging\nINFO forged \u001b[2J.json", content);
        home.drop(
                "bizums",
                "forging.csv",
                "Ana;1;x\nforged\u2028\u202e;5;forged\u0085\u202e\u001b[2J\nA\u202ena;7;forged\u2028\nforged;x\u2028;y");
        await().atMost(PATIENCE)
                .until(() -> !isInInbox("forging") && home.files("inbox/bizums").isEmpty());

        assertThat(log.with("forged")).isNotEmpty();
        for (String event : log.events()) {
            assertThat(event).endsWith("\n").matches("(?s)[0-9]{4}-[0-9]{2}-[0-9]{2} .*");
            assertThat(event.strip()).doesNotContainPattern("[\\p{Cntrl}\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");
        }
    }

    private String nextNumber() {
        return "number-" + ++files + "-";
    }

    private static String invoice(String number) {
        return "{\"InvoiceNumber\":\"" + number + "\",\"InvoiceLineItems\":[{\"ItemCode\":\"x\"}]}";
    }

    private Path prepare(String number) throws IOException {
        return Files.writeString(folder.resolve(number), invoice(number));
    }

    private void dropAndAwait(String name, String number) throws IOException {
        Files.move(prepare(number), inbox.resolve(name));
        await().atMost(PATIENCE).until(() -> Files.notExists(inbox.resolve(name), LinkOption.NOFOLLOW_LINKS));
    }

    private List<String> leftAlone(Path thing, String reason) {
        return log.with("invoices: " + thing.getFileName() + ": left alone, " + reason);
    }

    /** Other files go on, poll after poll, and each of these is still there, with one line of the log. */
    private void assertLeftAlone(List<Path> things, String reason) throws IOException {
        try {
            for (Path thing : things) {
                await().atMost(PATIENCE).until(() -> !leftAlone(thing, reason).isEmpty());
            }
            for (int i = 0; i < 3; i++) {
                dropAndAwait("goes-on.json", nextNumber());
            }
            assertThat(things).allMatch(thing -> Files.exists(thing, LinkOption.NOFOLLOW_LINKS));
            for (Path thing : things) {
                assertThat(leftAlone(thing, reason)).as(thing.toString()).hasSize(1);
            }
        } finally {
            for (Path thing : things) {
                Files.delete(thing);
            }
        }
    }

    private boolean isInInbox(String partOfName) throws IOException {
        try (Stream<Path> left = Files.list(inbox)) {
            return left.anyMatch(file -> file.toString().contains(partOfName));
        }
    }

    /** One result and one archived source, both under safe names; the ledger knows the name that came. */
    private void assertHandledOnce(String name, String number) throws Exception {
        await().atMost(PATIENCE).until(() -> row(name) != null && row(name).archived() != null);
        Row row = row(name);
        assertThat(resultsOf(number)).hasSize(1);
        assertThat(home.path(row.output())).isEqualTo(resultsOf(number).get(0));
        assertThat(home.path(row.archived())).hasContent(invoice(number));
        for (String path : List.of(row.output(), row.archived())) {
            Path file = Path.of(path);
            assertThat(file.getFileName().toString())
                    .matches(
                            "(?U)[\\p{L}\\p{N}(@+=][\\p{L}\\p{M}\\p{N} ._+=@~()-]*-[0-9a-f]{8}(\\.[\\p{L}\\p{N} ._+=@~()-]*)?");
        }
        assertThat(Path.of(row.output()).getParent()).isEqualTo(Path.of("outbox/invoices"));
        assertThat(Path.of(row.archived()).getParent().getParent()).isEqualTo(Path.of("archive/invoices"));
        assertNothingElsewhere();
    }

    /** Beside the folders of the home there is nothing. */
    private void assertNothingElsewhere() throws IOException {
        try (Stream<Path> children = Files.list(home.path("."))) {
            assertThat(children.map(child -> child.getFileName().toString()))
                    .containsExactlyInAnyOrder(".buzon", "inbox", "outbox", "archive");
        }
        assertThat(Path.of("pwned")).doesNotExist();
    }

    private List<Path> resultsOf(String number) throws IOException {
        List<Path> results = new ArrayList<>();
        try (Stream<Path> outbox = Files.list(home.path("outbox/invoices"))) {
            for (Path file : outbox.filter(Files::isRegularFile).toList()) {
                if (Files.readString(file, StandardCharsets.UTF_8).contains("\"" + number + "\"")) {
                    results.add(file);
                }
            }
        }
        return results;
    }

    private Row row(String source) throws Exception {
        try (Connection ledger = DriverManager.getConnection("jdbc:sqlite:" + home.path(".buzon/ledger.db"));
                PreparedStatement query = ledger.prepareStatement(
                        "SELECT output, archived FROM file WHERE route = 'invoices' AND source = ? AND state = 'ARCHIVED'")) {
            query.setString(1, source);
            try (ResultSet rows = query.executeQuery()) {
                if (!rows.next()) {
                    return null;
                }
                Row row = new Row(rows.getString("output"), rows.getString("archived"));
                assertThat(rows.next()).isFalse();
                return row;
            }
        }
    }

    private record Row(String output, String archived) {}
}
