package dev.buzon.cli;

import dev.buzon.delivery.FileState;
import dev.buzon.delivery.Ledger;
import dev.buzon.delivery.LedgerEntry;
import dev.buzon.delivery.Printable;
import dev.buzon.delivery.Replay;
import dev.buzon.home.Home;
import dev.buzon.home.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Takes a file out of the archive and hands it in anew. */
@Command(
        name = "replay",
        description = "Takes a handled file out of the archive, back to its inbox, to be handled anew.",
        mixinStandardHelpOptions = true)
final class ReplayCommand extends HomeCommand {

    private static final int CANDIDATES_SHOWN = 20;

    @Parameters(
            paramLabel = "NAME",
            description = "The file's name when it was dropped, or eight or more of its key's first digits.")
    private String name;

    @Override
    public Integer call() throws Exception {
        Home home = options().home();
        Settings settings = options().settings();
        if (!Files.exists(home.ledger())) {
            return refuse("There is no ledger in " + home.folder() + ".");
        }
        try (Ledger ledger = Ledger.open(home.ledger())) {
            List<LedgerEntry> found = ledger.history(Optional.of(name), CANDIDATES_SHOWN).stream()
                    .filter(entry -> entry.state() != FileState.DUPLICATE)
                    .toList();
            if (found.isEmpty()) {
                return refuse("The ledger knows no file " + Printable.of(name) + ".");
            }
            if (found.size() > 1) {
                found.forEach(entry ->
                        err().println(entry.key() + "  " + entry.route() + ": " + Printable.of(entry.source())));
                return refuse("These are of that name. Name one by the first digits of its key.");
            }
            Path now = new Replay(settings, ledger).replay(found.get(0));
            out().println("To be handled anew: " + Printable.of(home.relative(now)));
            return 0;
        } catch (IllegalStateException e) {
            return refuse(Printable.of(e.getMessage()));
        }
    }

    private int refuse(String reason) {
        err().println(reason);
        return 1;
    }
}
