package dev.buzon.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What versions before staged, each file in a folder of its own. */
class BatchStagedBeforeTest extends InBatchHome {

    /** The routes may be back at the next start. */
    @Test
    void whatVersionsBeforeStagedForARouteThatIsNotThereStays() throws Exception {
        home.drop("good.txt", "good\n");
        home.begin().through(Step.COMMIT);
        Path staging = Files.createDirectory(
                home.route().outboxStaging().resolveSibling(home.row("good.txt").key()));
        Files.writeString(staging.resolve("result.json"), "committed\n");
        home.sql("UPDATE file SET route = 'renamed'");

        home.crash();

        assertThat(staging.resolve("result.json")).hasContent("committed\n");
    }

    /** A folder for each file, under its route or under none, with the number of a lease or without one. */
    @ParameterizedTest
    @CsvSource({"invoices,0", "invoices,3", ",0", ",3"})
    void whatVersionsBeforeStagedIsPublishedIfItIsCommittedAndThrownAwayIfNot(String under, long lease)
            throws Exception {
        home.drop("good.txt", "good\n");
        home.drop("mixed.txt", "mixed\nbad luck\n");
        home.drop("all-bad.txt", "bad as a whole\n");
        home.drop("unreadable.txt", "unreadable\n");
        BatchRun run = home.begin().through(Step.COMMIT);
        home.drop("uncommitted.txt", "uncommitted\n");
        home.sql("UPDATE file SET lease = " + lease);
        for (Path staging : List.of(run.batch().staging(), run.batch().rejectedStaging())) {
            Path before = under == null
                    ? staging.getParent().getParent()
                    : staging.getParent().resolveSibling(under);
            for (String name : List.of("good.txt", "mixed.txt", "all-bad.txt", "unreadable.txt")) {
                stageAsBefore(staging, home.row(name).key(), before, lease);
            }
            Files.delete(staging);
            Path uncommitted = Files.createDirectory(before.resolve(Staging.name("0".repeat(64), lease)));
            Files.writeString(uncommitted.resolve("result.json"), "uncommitted\n");
            Files.writeString(uncommitted.resolve("rejected.records.jsonl"), "uncommitted\n");
        }
        // Of an earlier holder of the lease, whose commit was refused.
        Path refused = Files.createDirectory(home.route()
                .outboxStaging()
                .resolve(Staging.name(home.row("good.txt").key(), lease + 1)));
        Files.writeString(refused.resolve("result.json"), "refused\n");

        home.crash();

        assertThat(home.outbox()).hasSize(2);
        assertThat(home.rejected()).hasSize(3);
        home.handleAll();
        home.expectEachOnce("good\n", "mixed\nbad luck\n", "bad as a whole\n", "unreadable\n", "uncommitted\n");
    }

    /** Moves what is staged for a key to where versions before had it. */
    private static void stageAsBefore(Path staging, String key, Path before, long lease) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(staging, key + "*")) {
            for (Path file : files) {
                String extension = file.getFileName().toString().substring(key.length());
                Path folder = Files.createDirectories(before.resolve(Staging.name(key, lease)));
                Files.move(file, folder.resolve((extension.contains("json") ? "rejected" : "result") + extension));
            }
        }
    }
}
