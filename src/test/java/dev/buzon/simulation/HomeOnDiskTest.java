package dev.buzon.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buzon.home.Home;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import dev.buzon.simulation.DiskHabits.Order;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class HomeOnDiskTest extends DiskFixture {

    /** By a list of which a part is lost a folder that is not mounted would be made anew. */
    @Test
    void theFoldersThatWereMadeAreKnownAfterAPowerCut() throws Exception {
        Settings settings = Settings.read(new Home(home), Path.of("routes").toAbsolutePath(), new Properties());
        Set<String> folders = new TreeSet<>();
        for (RouteSettings route : settings.routes().values()) {
            route.folders().forEach(folder -> folders.add(folder.toString()));
        }
        for (int seed = 0; seed < 30; seed++) {
            settings.home().makePrivateFolders();
            settings.home().prepare(settings);

            disk.cutPower(choice(seed));

            Path list = home.resolve(".buzon/folders");
            assertThat(new TreeSet<>(Files.readAllLines(list))).isEqualTo(folders);
            Files.delete(list);
        }
    }

    /** Its ledger would be lost with it, and each file handled again. */
    @Test
    void theServicesOwnFolderOutlastsAPowerCutThoughNoOtherIsInTheHome() throws Exception {
        Properties elsewhere = new Properties();
        for (String route : List.of("bizums", "invoices")) {
            for (String folder : List.of("inbox", "outbox", "archive", "duplicates", "rejected")) {
                elsewhere.setProperty("buzon." + route + "." + folder, "/elsewhere/" + folder + "/" + route);
            }
        }
        for (int seed = 0; seed < 30; seed++) {
            makeDisk(Order.ANY_ORDER, false);
            Settings settings = Settings.read(new Home(home), Path.of("routes").toAbsolutePath(), elsewhere);
            settings.home().makePrivateFolders();
            settings.home().prepare(settings);

            disk.cutPower(choice(seed));

            assertThat(home.resolve(".buzon/folders")).as("seed " + seed).exists();
        }
    }
}
