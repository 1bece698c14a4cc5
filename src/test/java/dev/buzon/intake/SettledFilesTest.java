package dev.buzon.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.buzon.home.Home;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import dev.buzon.home.Time;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiPredicate;
import org.apache.camel.component.file.FileConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettledFilesTest {

    @TempDir
    private Path folder;

    private Path inbox;
    private String pattern = "*";
    private String most = "1000";

    @BeforeEach
    void makeInbox() throws Exception {
        inbox = Files.createDirectories(folder.resolve("inbox/invoices"));
    }

    private SettledFiles settled(String quietPeriod, PickupPolicy gate) {
        return new SettledFiles(List.of(route(quietPeriod)), gate, folder, Time.SYSTEM);
    }

    private RouteSettings route(String quietPeriod) {
        Properties given = new Properties();
        given.setProperty("buzon.invoices.file-pattern", pattern);
        given.setProperty("buzon.invoices.quiet-period", quietPeriod);
        given.setProperty("buzon.invoices.max-files-per-poll", most);
        return Settings.read(new Home(folder), Path.of("routes"), given).route("invoices");
    }

    private boolean accepts(SettledFiles settled, Path file) {
        return settled.accept(FileConsumer.asGenericFile(inbox.toString(), file.toFile(), null, false));
    }

    private boolean accepts(Path file, String quietPeriod, PickupPolicy gate) {
        return accepts(settled(quietPeriod, gate), file);
    }

    private boolean accepts(Path file, String quietPeriod) {
        return accepts(file, quietPeriod, admitting((path, identity) -> true));
    }

    @Test
    void aLookThatIsUnderWayIsSeenToBe() throws Exception {
        Files.createFile(inbox.resolve("a.json"));
        List<Map<String, InboxLook>> seen = new ArrayList<>();
        AtomicReference<SettledFiles> looking = new AtomicReference<>();
        looking.set(settled(
                "0ms", admitting((path, identity) -> seen.add(looking.get().looks()))));

        looking.get().choose(inbox);

        assertThat(seen).singleElement().satisfies(looks -> assertThat(looks).containsOnlyKeys("invoices"));
        assertThat(looking.get().looks()).isEmpty();
    }

    private static PickupPolicy admitting(BiPredicate<Path, FileIdentity> admitted) {
        return new PickupPolicy() {
            @Override
            public List<SeenFile> unhandled(String route, List<SeenFile> files) {
                return files.stream()
                        .filter(file -> admitted.test(file.path(), file.identity()))
                        .toList();
            }

            @Override
            public boolean isDue(Path file, FileIdentity identity) {
                return true;
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.json", "_a", "a b{,}*[.json", "factura-ñ.json", "tmp", "a.tmp.json"})
    void takesRegularFilesOfAnyFinalName(String name) throws Exception {
        assertThat(accepts(Files.writeString(inbox.resolve(name), "x"), "0ms")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {".a.json", "a.tmp", "a.part", "a.filepart", "a.crdownload", "a.json~"})
    void leavesWhatIsHiddenOrUnderATemporaryName(String name) throws Exception {
        assertThat(accepts(Files.writeString(inbox.resolve(name), "x"), "0ms")).isFalse();
    }

    @Test
    void leavesLinksPipesAndFolders() throws Exception {
        Path outside = Files.writeString(folder.resolve("outside"), "x");
        Path link = Files.createSymbolicLink(inbox.resolve("link"), outside);
        Path dangling = Files.createSymbolicLink(inbox.resolve("dangling"), folder.resolve("nowhere"));
        Path pipe = inbox.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertThat(List.of(link, dangling, pipe, Files.createDirectory(inbox.resolve("folder")), inbox.resolve("gone")))
                .noneMatch(file -> accepts(file, "0ms"));
    }

    @Test
    void waitsUntilNothingHasChangedForTheQuietPeriodWhateverTheModificationTimeSays() throws Exception {
        Path file = Files.writeString(inbox.resolve("a.json"), "x");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));

        assertThat(accepts(file, "1h")).isFalse();
        await().until(() -> accepts(file, "20ms"));
    }

    @Test
    void takesOnlyTheNamesOfThePattern() throws Exception {
        Path json = Files.writeString(inbox.resolve("a.json"), "x");
        Path text = Files.writeString(inbox.resolve("a.txt"), "x");

        pattern = "*.{json,jsonl}";

        assertThat(accepts(json, "0ms")).isTrue();
        assertThat(accepts(text, "0ms")).isFalse();
    }

    @Test
    void asksThePickupPolicyLast() throws Exception {
        Path file = Files.writeString(inbox.resolve("a.json"), "12345");

        assertThat(accepts(file, "0ms", admitting((path, identity) -> identity.size() != 5)))
                .isFalse();
        assertThat(accepts(file, "0ms", admitting((path, identity) -> path.equals(file))))
                .isTrue();
    }

    @Test
    void choosesTheOldestOfThoseThatMayBeTakenAsManyAsAPollTakes() throws Exception {
        most = "3";
        List<Path> files = new ArrayList<>();
        for (String name : List.of("d", "c", "waits", "b", "a", "x.part")) {
            Path file = Files.writeString(inbox.resolve(name), "x");
            // The oldest is the last; two are of one time.
            int age = name.equals("b") ? 4 : files.size() + 1;
            Files.setLastModifiedTime(
                    file, FileTime.from(Instant.parse("2026-01-01T00:00:00Z").minusSeconds(age)));
            files.add(file);
        }
        SettledFiles settled = settled("0ms", admitting((path, identity) -> !path.endsWith("waits")));

        settled.choose(inbox);

        assertThat(files)
                .filteredOn(file -> accepts(settled, file))
                .extracting(file -> file.getFileName().toString())
                .containsExactly("c", "b", "a");

        for (String done : List.of("c", "b", "a")) {
            Files.delete(inbox.resolve(done));
        }
        settled.choose(inbox);

        assertThat(files)
                .filteredOn(file -> accepts(settled, file))
                .extracting(file -> file.getFileName().toString())
                .containsExactly("d");
    }

    /** Each look at a file takes a second. */
    private static PickupPolicy slowly(FakeClocks clocks) {
        return admitting((path, identity) -> {
            clocks.pass(Duration.ofSeconds(1));
            return !path.endsWith("handled");
        });
    }

    @Test
    void looksAgainTwiceTheTimeAfterALookThatTookLong() throws Exception {
        FakeClocks clocks = new FakeClocks(Instant.now());
        SettledFiles settled = new SettledFiles(List.of(route("0ms")), slowly(clocks), clocks);
        Files.writeString(inbox.resolve("handled"), "x");
        Files.writeString(inbox.resolve("a"), "x");

        assertThat(settled.choose(inbox)).isTrue();
        clocks.pass(Duration.ofMillis(3_999));
        assertThat(settled.choose(inbox)).isFalse();
        clocks.pass(Duration.ofMillis(1));
        assertThat(settled.choose(inbox)).isTrue();
    }

    @Test
    void looksAgainAtOnceWhileMoreFilesWaitThanAPollTakes() throws Exception {
        most = "1";
        FakeClocks clocks = new FakeClocks(Instant.now());
        SettledFiles settled = new SettledFiles(List.of(route("0ms")), slowly(clocks), clocks);
        Files.writeString(inbox.resolve("a"), "x");
        Files.writeString(inbox.resolve("b"), "x");

        assertThat(settled.choose(inbox)).isTrue();
        assertThat(settled.choose(inbox)).isTrue();
    }

    @Test
    void looksSeldomAtAnInboxWhereAllIsHandledAndNothingComes() throws Exception {
        FakeClocks clocks = new FakeClocks(Instant.now());
        SettledFiles settled = new SettledFiles(List.of(route("0ms")), slowly(clocks), clocks);
        Files.writeString(inbox.resolve("handled"), "x");
        Files.setLastModifiedTime(inbox, FileTime.from(Instant.EPOCH));
        long begin = clocks.nanos();
        assertThat(settled.choose(inbox)).isFalse();
        clocks.pass(Duration.ofSeconds(19));
        assertThat(settled.choose(inbox)).isFalse();
        assertThat(clocks.nanos() - begin).isEqualTo(Duration.ofSeconds(20).toNanos());

        Files.writeString(inbox.resolve("a"), "x");

        assertThat(settled.choose(inbox)).isTrue();
    }

    @Test
    void choosesNoneWhereAPollTakesAll() throws Exception {
        most = "0";
        SettledFiles settled = settled("0ms", admitting((path, identity) -> true));

        settled.choose(inbox);

        assertThat(accepts(settled, Files.writeString(inbox.resolve("a"), "x"))).isTrue();
    }
}
