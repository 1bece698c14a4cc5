package dev.buzon.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buzon.home.Home;
import dev.buzon.intake.FileIdentity;
import dev.buzon.ledger.DuplicateRows;
import dev.buzon.ledger.FileState;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerEntry;
import dev.buzon.ledger.LeftSource;
import dev.buzon.ledger.LeftSourceRows;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LostAndLateCommitsTest extends StoreFixture {

    @Test
    void aCommitOfAFileThatFailedLateComesOrNotWhenTheProcessEnds() throws Exception {
        Set<Set<String>> seen = new HashSet<>();
        for (int seed = 0; seed < TRIES; seed++) {
            store.reset(LedgerImages.current());
            Ledger ledger = file();
            commitLate(ledger, "a");
            assertThat(stored()).isEmpty();
            assertThat(ledger.find("invoices", "a")).isEmpty();

            store.processEnded(random(seed));
            seen.add(stored());
        }
        assertThat(seen).containsExactlyInAnyOrder(Set.of(), Set.of("a COMMITTED"));
    }

    @Test
    void nothingComesToAFileOnceItsDoubtIsResolved() throws Exception {
        for (int seed = 0; seed < TRIES; seed++) {
            store.reset(LedgerImages.current());
            Ledger ledger = file();
            commitLate(ledger, "a");
            assertThat(ledger.isInDoubt()).isTrue();
            ledger.resolveDoubt();

            store.cutPower(random(seed));
            assertThat(stored()).isEmpty();
        }
    }

    @Test
    void aTransactionThatWritesNothingDropsNoLateCommit() throws Exception {
        Ledger ledger = file();
        commitLate(ledger, "a");
        ledger.update(List.of(archived(entry("invoices", "unknown", FileState.COMMITTED))));

        assertThat(store.isUnsettled()).isTrue();
    }

    @Test
    void aCommitOnItsWayToAServerComesOrNot() throws Exception {
        Set<Set<String>> seen = new HashSet<>();
        for (int seed = 0; seed < TRIES; seed++) {
            store.reset(LedgerImages.current());
            Ledger ledger = server();
            commitLate(ledger, "a");
            store.processEnded(random(seed));
            assertThat(stored()).isEmpty();

            store.settleLate(random(seed));
            seen.add(stored());
            assertThat(store.isUnsettled()).isFalse();
        }
        assertThat(seen).containsExactlyInAnyOrder(Set.of(), Set.of("a COMMITTED"));
    }

    @Test
    void whatAServerSaysIsSureOnceTheDoubtIsResolved() throws Exception {
        Set<Set<String>> seen = new HashSet<>();
        for (int seed = 0; seed < TRIES; seed++) {
            store.reset(LedgerImages.current(), random(seed));
            Ledger ledger = server();
            commitLate(ledger, "a");
            ledger.resolveDoubt();
            Set<String> sure = stored();
            seen.add(sure);

            store.settleLate(random(seed + 1));
            assertThat(stored()).isEqualTo(sure);
        }
        assertThat(seen).hasSize(2);
    }

    @Test
    void aLateCommitDoesNotUndoWhatCameAfterIt() throws Exception {
        for (int seed = 0; seed < TRIES; seed++) {
            store.reset(LedgerImages.current());
            Ledger ledger = server();
            LedgerEntry entry = commit(ledger, "a");
            calls.next(Act.COMMIT, Fault.LATE);
            assertThatThrownBy(() -> ledger.update(List.of(entry.published("outbox/a", null))))
                    .isInstanceOf(SQLException.class);
            ledger.update(List.of(archived(entry)));

            store.settleLate(random(seed));
            assertThat(stored()).containsExactly("a ARCHIVED");
            assertThat(ledger.find("invoices", "a").orElseThrow().output()).isNull();
        }
    }

    @Test
    void aLateCommitOutlivesOneThatConcernsOtherRows() throws Exception {
        Set<Set<String>> seen = new HashSet<>();
        for (int seed = 0; seed < TRIES; seed++) {
            store.reset(LedgerImages.current());
            Ledger ledger = server();
            LedgerEntry a = commit(ledger, "a");
            LedgerEntry b = commit(ledger, "b");
            calls.next(Act.COMMIT, Fault.LATE);
            assertThatThrownBy(() -> ledger.update(List.of(archived(a)))).isInstanceOf(SQLException.class);
            ledger.update(List.of(archived(b)));

            store.settleLate(random(seed));
            seen.add(stored());
        }
        assertThat(seen)
                .containsExactlyInAnyOrder(Set.of("a COMMITTED", "b ARCHIVED"), Set.of("a ARCHIVED", "b ARCHIVED"));
    }

    @Test
    void aLateCommitIsDroppedIfItsContentIsKnownByThen() throws Exception {
        for (int seed = 0; seed < TRIES; seed++) {
            store.reset(LedgerImages.current());
            Ledger ledger = server();
            commitLate(ledger, "a");
            LedgerEntry again = commit(ledger, "a");
            ledger.update(List.of(archived(again)));

            store.settleLate(random(seed));
            assertThat(stored()).containsExactly("a ARCHIVED");
            assertThat(commit(ledger, "b").number()).isEqualTo(2);
        }
    }

    @Test
    void anEndOfWhatIsUnforcedIsLostWithThePower() throws Exception {
        Set<Set<String>> seen = new HashSet<>();
        Set<String> told = new HashSet<>();
        for (int seed = 0; seed < TRIES; seed++) {
            store.reset(LedgerImages.current());
            Ledger ledger = file();
            LedgerEntry a = commit(ledger, "a");
            LedgerEntry b = commit(ledger, "b");
            ledger.note(List.of(archived(a)));
            ledger.note(List.of(archived(b)));

            told.add(store.cutPower(random(seed)));
            Set<String> kept = stored();
            seen.add(kept);
            // What outlived one loss of power outlives the next.
            assertThat(store.cutPower(random(seed + 1))).isEqualTo("no commit was lost");
            assertThat(stored()).isEqualTo(kept);
        }
        assertThat(seen)
                .containsExactlyInAnyOrder(
                        Set.of("a COMMITTED", "b COMMITTED"),
                        Set.of("a ARCHIVED", "b COMMITTED"),
                        Set.of("a ARCHIVED", "b ARCHIVED"));
        assertThat(told)
                .containsExactlyInAnyOrder(
                        "no commit was lost",
                        "1 of 2 unforced commits lost: UPDATE file",
                        "2 of 2 unforced commits lost: UPDATE file; UPDATE file");
    }

    @Test
    void nothingThatAForcedCommitFollowsIsLost() throws Exception {
        for (int seed = 0; seed < TRIES; seed++) {
            store.reset(LedgerImages.current());
            Ledger ledger = file();
            ledger.note(List.of(archived(commit(ledger, "a"))));
            commit(ledger, "b");

            store.cutPower(random(seed));
            assertThat(stored()).containsExactly("a ARCHIVED", "b COMMITTED");
        }
    }

    @Test
    void aServerLosesNothingWithThePower() throws Exception {
        Ledger ledger = server();
        ledger.note(List.of(archived(commit(ledger, "a"))));

        for (int seed = 0; seed < TRIES; seed++) {
            store.cutPower(random(seed));
            assertThat(stored()).containsExactly("a ARCHIVED");
        }
    }

    @Test
    void whatIsDoneAgainIsTheSame() throws Exception {
        for (int seed = 0; seed < TRIES; seed++) {
            store.reset(LedgerImages.current());
            Ledger ledger = file();
            LedgerEntry a = commit(ledger, "a");
            DuplicateRows duplicates = new DuplicateRows(ledger);
            long sequence = duplicates
                    .begin(List.of(new DuplicateRows.Duplicate("invoices", "a", "b.json", 1, null, THEN)))
                    .get(0);
            LeftSource left =
                    new LeftSource(Path.of("/in/a"), "invoices", "a", new FileIdentity(7, 1, FileTime.from(THEN)));
            ledger.leave(List.of(left), List.of(archived(a)));
            commit(ledger, "bizums", "c");
            String before = dump();
            duplicates.end(List.of(new DuplicateRows.Moved(sequence, null, THEN, 3)));
            String after = dump();

            assertThat(dumpOf(store.cutPower(random(seed)), before, after)).isEqualTo(dump());
            assertThat(new LeftSourceRows(file(), new Home(Path.of("/"))).page("", 9))
                    .containsExactly(left);
        }
    }

    @Test
    void aBatchIsDoneAgainRowByRow() throws Exception {
        Set<Boolean> seen = new HashSet<>();
        for (int seed = 0; seed < TRIES; seed++) {
            store.reset(LedgerImages.current());
            Ledger ledger = file();
            commit(ledger, "a");
            calls.next(Act.COMMIT, Fault.LATE);
            assertThatThrownBy(() -> ledger.inTransaction(c -> {
                        try (PreparedStatement insert =
                                c.prepareStatement("INSERT INTO job VALUES (?, ?) ON CONFLICT DO NOTHING")) {
                            for (String name : List.of("mine", "mine", "yours")) {
                                insert.setString(1, name);
                                insert.setInt(2, 1);
                                insert.addBatch();
                            }
                            return insert.executeBatch();
                        }
                    }))
                    .isInstanceOf(SQLException.class);
            String told = store.cutPower(random(seed));

            boolean came = told.endsWith("a commit that had failed came: INSERT job");
            assertThat(dump().contains("job 2 mine 1\njob 3 yours 1")).as(told).isEqualTo(came);
            seen.add(came);
        }
        assertThat(seen).hasSize(2);
    }
}
