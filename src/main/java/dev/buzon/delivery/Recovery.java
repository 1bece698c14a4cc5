package dev.buzon.delivery;

import dev.buzon.home.CleanSource;
import dev.buzon.home.Home;
import dev.buzon.home.RouteSettings;
import dev.buzon.home.Settings;
import dev.buzon.home.Time;
import dev.buzon.ledger.FileState;
import dev.buzon.ledger.Ledger;
import dev.buzon.ledger.LedgerEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Brings to its end what a crash, or a step that failed, left on its way: it goes by the rows of the ledger and by what is
 * on the disk, and needs no notion of a batch. Thread-safe.
 */
public final class Recovery {

    private final Settings settings;
    private final Home home;
    private final Ledger ledger;
    private final Publishing publishing;
    private final Sources sources;
    private final Duplicates duplicates;
    private final LeftSources left;
    private final DeliveryListener listener;
    private final Time time;
    /** Files whose sources have gone where they belong, and whose rows the ledger could not take. */
    private final Queue<LedgerEntry> unwritten = new ConcurrentLinkedQueue<>();
    /** Under which number of the lease this works, or has worked until it was lost. */
    private volatile long lease;

    Recovery(
            Settings settings,
            Ledger ledger,
            Publishing publishing,
            Sources sources,
            Duplicates duplicates,
            LeftSources left,
            DeliveryListener listener,
            Time time) {
        this.settings = settings;
        this.home = settings.home();
        this.ledger = ledger;
        this.publishing = publishing;
        this.sources = sources;
        this.duplicates = duplicates;
        this.left = left;
        this.listener = listener;
        this.time = time;
        this.lease = ledger.leaseNumber();
    }

    /** Before a start, under the lock of the home: frees what a crash left staged on a disk that is full. */
    public static void makeRoom(Settings settings) {
        Publishing.makeRoom(settings);
    }

    /** Rolls committed files forward and throws away what was not committed. Before any route starts. */
    public void recover() throws IOException, SQLException {
        lease = ledger.leaseNumber();
        publishing.recover();
        List<LedgerEntry> finished = new ArrayList<>();
        for (LedgerEntry entry : ledger.unfinished()) {
            LedgerEntry now = bringForward(entry);
            if (now.state() != FileState.COMMITTED) {
                finished.add(now);
            }
        }
        end(finished);
        duplicates.recover();
        left.load();
    }

    /**
     * After the last route has stopped: if another daemon works by now, throws away what was staged here and not
     * committed. That one does not look for it.
     */
    public void discard() {
        if (ledger.leaseNumber() == lease) {
            return;
        }
        try {
            publishing.discard(lease);
        } catch (IOException | SQLException e) {
            // The next one to take over throws it away.
        }
    }

    /** Has a file's end written once the ledger can take it: no look at the inbox comes upon it any more. */
    void writeLater(LedgerEntry entry) {
        unwritten.add(entry);
    }

    /** Writes down what the ledger could not take when it came to its end, if it can now. */
    public void catchUp() {
        try {
            for (LedgerEntry entry : unwritten) {
                catchUp(entry);
            }
            duplicates.catchUp();
        } catch (IOException | SQLException e) {
            // Said when it failed first. The next call tries again.
        }
    }

    private void catchUp(LedgerEntry entry) throws SQLException {
        try {
            // Its row may have been written since then.
            Optional<LedgerEntry> row =
                    ledger.find(entry.route(), entry.key()).filter(found -> found.state() == FileState.COMMITTED);
            if (row.isPresent()) {
                rollForward(row.get());
            }
            unwritten.remove(entry);
        } catch (IOException e) {
            // The others do not wait for it.
        }
    }

    /**
     * Brings a committed file as far as can be without its next look, and writes that down.
     *
     * @return its row then: still COMMITTED if its source is in the inbox
     */
    LedgerEntry rollForward(LedgerEntry entry) throws IOException, SQLException {
        LedgerEntry now = bringForward(entry);
        if (now.state() != FileState.COMMITTED) {
            end(List.of(now));
        }
        return now;
    }

    private void end(List<LedgerEntry> finished) throws IOException, SQLException {
        ledger.update(finished);
        finished.forEach(listener::finished);
    }

    private LedgerEntry bringForward(LedgerEntry entry) throws IOException, SQLException {
        RouteSettings route = settings.routes().get(entry.route());
        if (route == null) {
            return entry;
        }
        LedgerEntry published = publishing.publish(route, entry);
        Path source = route.inbox().resolve(entry.source());
        Optional<Path> archived = sources.archived(entry);
        if (archived.isEmpty() && Files.exists(source, LinkOption.NOFOLLOW_LINKS)) {
            return published;
        }
        FileState state;
        if (archived.isPresent()) {
            state = Archiving.arrived(entry);
        } else {
            state = route.cleanSource() == CleanSource.DELETE ? FileState.DELETED : FileState.GONE;
        }
        if (Files.notExists(source, LinkOption.NOFOLLOW_LINKS)) {
            sources.removeDoneFile(route, source);
        }
        return published.finished(state, archived.map(home::relative).orElse(null), time.now());
    }
}
