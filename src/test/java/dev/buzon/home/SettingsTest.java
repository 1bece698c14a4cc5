package dev.buzon.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

    private static final Path ROUTES = Path.of("routes");

    @TempDir
    private Path folder;

    private Settings read(String... keysAndValues) {
        Properties system = new Properties();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            system.setProperty(keysAndValues[i], keysAndValues[i + 1]);
        }
        return Settings.read(new Home(folder), ROUTES, system);
    }

    @Test
    void everyRouteHasItsDefaults() {
        Settings settings = read();

        assertThat(settings.routes()).containsOnlyKeys("bizums", "invoices");
        RouteSettings invoices = settings.route("invoices");
        assertThat(invoices.inbox()).isEqualTo(folder.resolve("inbox/invoices"));
        assertThat(invoices.outbox()).isEqualTo(folder.resolve("outbox/invoices"));
        assertThat(invoices.archive()).isEqualTo(folder.resolve("archive/invoices"));
        assertThat(invoices.cleanSource()).isEqualTo(CleanSource.ARCHIVE);
        assertThat(invoices.quietPeriod()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.duration("buzon.invoices.poll-interval")).isEqualTo(Duration.ofMillis(250));
        assertThat(settings.get("buzon.invoices.max-files-per-poll")).isEqualTo("1000");
    }

    @Test
    void systemPropertiesComeBeforeTheHomesFile() throws Exception {
        Files.writeString(
                folder.resolve("buzon.properties"),
                "buzon.invoices.poll-interval=1m\nbuzon.bizums.poll-interval=2m\nbuzon.bizums.outbox=/elsewhere/ñ\n");

        Settings settings = read("buzon.invoices.poll-interval", "1h");

        assertThat(settings.duration("buzon.invoices.poll-interval")).isEqualTo(Duration.ofHours(1));
        assertThat(settings.duration("buzon.bizums.poll-interval")).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.route("bizums").outbox()).isEqualTo(Path.of("/elsewhere/ñ"));
    }

    @Test
    void allProblemsAreSaidTogether() {
        assertThatThrownBy(() -> read(
                        "buzon.invoices.clean-sorce", "off",
                        "buzon.invoices.poll-interval", "fast",
                        "buzon.bizums.clean-source", "never",
                        "buzon.bizums.max-files-per-poll", "-1",
                        "buzon.bizums.max-result-ratio", "many",
                        "buzon.bizums.file-pattern", "[",
                        "buzon.bizums.done-file", "done",
                        "buzon.invoices.charset", "utf-9",
                        "buzon.bizums.escape-formulas", "yes",
                        "buzon.jmx.port", "70000",
                        "buzon.bizums.inbox", "inbox/invoices"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("clean-sorce: did you mean buzon.invoices.clean-source?")
                .hasMessageContaining("buzon.invoices.poll-interval=fast: a duration is expected")
                .hasMessageContaining("buzon.bizums.clean-source=never: archive, delete or off is expected.")
                .hasMessageContaining("buzon.bizums.max-files-per-poll=-1: a whole number")
                .hasMessageContaining("buzon.bizums.max-result-ratio=many: a whole number")
                .hasMessageContaining("buzon.bizums.done-file=done: a name is expected with one *")
                .hasMessageContaining("buzon.invoices.charset=utf-9: auto is expected, or a charset")
                .hasMessageContaining("buzon.bizums.escape-formulas=yes: true or false is expected.")
                .hasMessageContaining("buzon.jmx.port=70000: a port is expected")
                .hasMessageContaining("Route bizums: ");
    }

    @Test
    void twoRoutesCantShareAnInbox() {
        assertThatThrownBy(() -> read("buzon.bizums.inbox", "inbox/invoices"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("have the same inbox");
    }

    @Test
    void anInboxThatAUriCantNameIsRefused() {
        assertThatThrownBy(() -> read("buzon.bizums.inbox", "a%20b"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("can't be watched");
    }

    @Test
    void aRouteOfOnesOwnHasTheSameKeys() throws Exception {
        Path routes = Files.createDirectory(folder.resolve("routes"));
        Files.writeString(routes.resolve("orders.camel.yaml"), "{{buzon.orders.inbox}} {{buzon.orders.colour:red}}");

        Settings settings =
                read("buzon.routes", "routes", "buzon.orders.clean-source", "off", "buzon.orders.colour", "x");

        assertThat(settings.routes()).containsOnlyKeys("orders");
        assertThat(settings.route("orders").cleanSource()).isEqualTo(CleanSource.OFF);
    }

    /** The template and a route that is made from it, as its only file beside it. */
    private void writeTemplated(String route, String beans) throws IOException {
        Path routes = Files.createDirectory(folder.resolve("routes"));
        Files.copy(ROUTES.resolve("drop-folder.camel.yaml"), routes.resolve("drop-folder.camel.yaml"));
        Files.writeString(
                routes.resolve("own.camel.yaml"),
                "- templatedRoute:\n    routeTemplateRef: drop-folder\n    routeId: " + route
                        + "\n    parameters:\n      - {name: job, value: '#job'}\n" + beans);
    }

    @Test
    void theKeysOfATemplatedRouteAreFoundByItsId() throws Exception {
        writeTemplated("orders", "");

        Settings settings = read("buzon.routes", "routes", "buzon.orders.files-per-job", "7");

        assertThat(settings.routes()).containsOnlyKeys("orders");
        assertThat(settings.route("orders").filesPerJob()).isEqualTo(7);
        assertThat(settings.route("orders").inbox()).isEqualTo(folder.resolve("inbox/orders"));
        assertThatThrownBy(() -> read("buzon.routes", "routes", "buzon.orders.file-per-job", "7"))
                .isInstanceOf(SettingsException.class)
                .hasMessage("Unknown key buzon.orders.file-per-job: did you mean buzon.orders.files-per-job?");
        assertThatThrownBy(() -> read("buzon.routes", "routes", "buzon.order.charset", "x"))
                .hasMessage("Unknown key buzon.order.charset: did you mean buzon.orders.charset?");
        assertThatThrownBy(() -> read("buzon.routes", "routes", "buzon.orders.escape-formulas", "true"))
                .hasMessageContaining("Unknown key buzon.orders.escape-formulas");
    }

    @Test
    void aKeyThatARouteAsksForAsItsOwnIsKnownAndCheckedIfItsNameHasAMeaning() throws Exception {
        writeTemplated("orders", "    beans:\n      - {name: a, type: \"{{buzon.{{route}}.max-record-bytes:5}}\"}\n");

        assertThat(read("buzon.routes", "routes").get("buzon.orders.max-record-bytes"))
                .isNull();
        assertThat(read("buzon.routes", "routes", "buzon.orders.max-record-bytes", "8")
                        .get("buzon.orders.max-record-bytes"))
                .isEqualTo("8");
        assertThatThrownBy(() -> read("buzon.routes", "routes", "buzon.orders.max-record-bytes", "many"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("buzon.orders.max-record-bytes=many: a whole number");
    }

    /** They are told twice: to who reads of all keys, and to who copies a route. */
    @Test
    void theDefaultsOfTheJobsKeysAreThoseInTheirRoutes() throws Exception {
        for (String route : List.of("invoices", "bizums")) {
            Matcher matcher = Pattern.compile("\\{\\{buzon\\.\\{\\{route}}\\.([a-z-]+):(.+?)}}")
                    .matcher(Files.readString(ROUTES.resolve(route + ".camel.yaml")));
            int keys = 0;
            while (matcher.find()) {
                assertThat(read().get("buzon." + route + "." + matcher.group(1)))
                        .isEqualTo(matcher.group(2));
                keys++;
            }
            assertThat(keys).isPositive();
        }
    }

    @Test
    void aKeyOfOnesOwnHoldsWhateverItsUserLikes() throws Exception {
        Path routes = Files.createDirectory(folder.resolve("routes"));
        Files.writeString(
                routes.resolve("orders.camel.yaml"),
                "- \"{{buzon.orders.inbox}} {{buzon.orders.port}} {{buzon.orders.every:often}} {{buzon.report.delay}}"
                        + " {{?buzon.orders.maxSize}} {{buzon.my_report.quiet-period}}\"");
        String[] own = {
            "buzon.routes", "routes",
            "buzon.orders.port", "eight",
            "buzon.report.delay", "none",
            "buzon.orders.maxSize", "big",
            "buzon.my_report.quiet-period", "nights"
        };

        assertThat(read(own).get("buzon.orders.port")).isEqualTo("eight");
        String[] wrong = Arrays.copyOf(own, own.length + 2);
        wrong[own.length] = "buzon.orders.quiet-period";
        wrong[own.length + 1] = "nights";
        assertThatThrownBy(() -> read(wrong))
                .isInstanceOf(SettingsException.class)
                .hasMessage("buzon.orders.quiet-period=nights: a duration is expected, such as 250ms, 10s or 1m.");
    }

    @Test
    void aFolderThatWasThereAndIsMissingStopsTheStart() throws Exception {
        Settings settings = read();
        prepare();
        Files.delete(folder.resolve("inbox/bizums"));

        assertThatThrownBy(() -> settings.home().prepare(settings))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("The folder " + folder.resolve("inbox/bizums") + " is missing.");
    }

    @Test
    void anInboxIsNotWhereItsRoutePutsFiles() {
        assertThatThrownBy(() -> read("buzon.bizums.outbox", "inbox/bizums"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("is where it puts files, too");
    }

    @Test
    void foldersOnTwoFileSystemsStopTheStartWhereAFileIsMovedBetweenThem() throws Exception {
        Path memory = Path.of("/dev/shm");
        assumeTrue(
                Files.isWritable(memory)
                        && !Files.getAttribute(memory, "unix:dev").equals(Files.getAttribute(folder, "unix:dev")),
                "no second file system at /dev/shm");
        Path elsewhere = Files.createTempDirectory(memory, "buzon");
        try {
            assertThatThrownBy(() -> prepare("buzon.bizums.archive", elsewhere.toString()))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("The folders " + folder.resolve("inbox/bizums") + " and " + elsewhere
                            + " must share a file system");
            prepare("buzon.bizums.archive", elsewhere.toString(), "buzon.bizums.clean-source", "delete");
        } finally {
            Files.delete(elsewhere);
        }
    }

    @Test
    void whatIsNobodysBusinessIsForItsOwnerAlone() throws Exception {
        Path staging = Files.createDirectories(folder.resolve("outbox/bizums/.staging"));
        Files.setPosixFilePermissions(staging, PosixFilePermissions.fromString("rwxr-xr-x"));

        prepare();

        for (String path : List.of(
                ".buzon",
                ".buzon/tmp",
                "outbox/bizums/.staging",
                "outbox/bizums/.staging/bizums",
                "archive/rejected/bizums/.staging",
                "archive/rejected/bizums/.staging/bizums")) {
            assertThat(Files.getPosixFilePermissions(folder.resolve(path)))
                    .as(path)
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        }
    }

    private void prepare(String... given) throws IOException {
        Settings settings = read(given);
        settings.home().makePrivateFolders();
        settings.home().prepare(settings);
    }
}
