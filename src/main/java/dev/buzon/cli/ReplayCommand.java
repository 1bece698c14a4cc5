package dev.buzon.cli;

import dev.buzon.database.Database;
import dev.buzon.delivery.Replay;
import dev.buzon.home.Home;
import dev.buzon.home.Settings;
import dev.buzon.job.Printable;
import dev.buzon.ledger.Ledger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Takes a file out of the archive and hands it in anew. */
@Command(
        name = "replay",
        description = "Takes a handled file out of the archive, back to its inbox, to be handled anew.",
        mixinStandardHelpOptions = true)
final class ReplayCommand extends HomeCommand {

    @Parameters(
            paramLabel = "NAME",
            description =
                    "The file's name when it was dropped, that of a duplicate of it, or eight or more of its key's"
                            + " first digits.")
    private String name;

    @Override
    public Integer call() throws Exception {
        Home home = options().home();
        Settings settings = options().settings();
        Database database = Database.of(settings);
        try (Ledger ledger = Ledger.openExisting(database).orElse(null)) {
            if (ledger == null) {
                return refuse("There is no ledger in " + home.folder() + ".");
            }
            Replay.Replayed replayed = new Replay(settings, ledger).replay(null, name);
            if (replayed.byDuplicate()) {
                out().println(Printable.of(name) + " is a duplicate of " + Printable.of(replayed.source()) + ".");
            }
            out().println("To be handled anew: " + Printable.of(home.relative(replayed.now())));
            return 0;
        } catch (IllegalStateException e) {
            return refuse(e.getMessage());
        }
    }
}
