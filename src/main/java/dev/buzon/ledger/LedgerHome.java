package dev.buzon.ledger;

import dev.buzon.home.HomeIdentity;
import dev.buzon.home.SettingsException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Binds a ledger to the home whose files it tells of: with the ledger of another home, all of them would be wrong. */
public final class LedgerHome {

    private final Ledger ledger;
    private final HomeIdentity home;
    private final boolean mayBeCopied;

    /** @param mayBeCopied whether the ledger lies in the home, so that it goes with a copy of it */
    public LedgerHome(Ledger ledger, HomeIdentity home, boolean mayBeCopied) {
        this.ledger = ledger;
        this.home = home;
        this.mayBeCopied = mayBeCopied;
    }

    /** What a ledger says of its home. */
    private record Owner(String id, String place) {}

    /** @return null if no home has claimed the ledger, or if it is of a version that knows of none */
    public static String idIn(Ledger ledger) throws SQLException, IOException {
        Owner owner = owner(ledger);
        return owner == null ? null : owner.id;
    }

    /**
     * To be asked before the lease is taken.
     *
     * @throws SettingsException if the ledger is of a newer version, or is that of another home
     */
    public void expectFit() throws SQLException, IOException {
        Owner owner = owner(ledger);
        if (owner == null) {
            return;
        }
        if (!owner.id.equals(home.id())) {
            throw new SettingsException(List.of(
                    "The ledger " + ledger + " is that of the home " + owner.place + ", not that of " + home.place()
                            + ": each home needs a ledger of its own.",
                    "If this is the same home, which lost its .buzon when it was moved or restored, give it back its id:"
                            + " echo " + owner.id + " > " + home.folder().resolve(".buzon/home-id")));
        }
        Path before = folder(owner.place);
        if (!mayBeCopied && !before.equals(home.folder()) && home.isCopyOf(before)) {
            throw new SettingsException(List.of(
                    "The ledger " + ledger + " is that of the home " + owner.place + ", of which " + home.place()
                            + " is a copy: each home needs a ledger of its own.",
                    "If the home was moved, remove " + before + "."));
        }
    }

    /**
     * Makes it the ledger of this home, and of this program's version. For who holds the home's lock and the lease.
     *
     * @throws SettingsException as {@link #expectFit}
     */
    public void claim() throws SQLException, IOException {
        ledger.migrate();
        expectFit();
        Owner claimed = new Owner(home.id(), home.place());
        if (!claimed.equals(owner(ledger))) {
            ledger.inTransaction(c -> {
                write(c, claimed);
                return null;
            });
        }
    }

    /**
     * Lets a ledger that is moved keep its home.
     *
     * @throws IllegalStateException if the other one is that of another home
     */
    static void move(Connection from, Connection to) throws SQLException {
        Owner owner = read(from);
        Owner other = read(to);
        if (other != null && (owner == null || !owner.id.equals(other.id))) {
            throw new IllegalStateException("The ledger that it is to be moved to is that of the home " + other.place
                    + ": each home needs a ledger of its own.");
        }
        if (owner != null) {
            write(to, owner);
        }
    }

    private static Owner owner(Ledger ledger) throws SQLException, IOException {
        return ledger.isCurrent() ? ledger.read(LedgerHome::read) : null;
    }

    private static Owner read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT home_id, home FROM ledger")) {
            row.next();
            return row.getString(1) == null ? null : new Owner(row.getString(1), row.getString(2));
        }
    }

    private static void write(Connection connection, Owner owner) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE ledger SET home_id = ?, home = ?")) {
            update.setString(1, owner.id);
            update.setString(2, owner.place);
            update.executeUpdate();
        }
    }

    /** Without the machine. */
    private static Path folder(String place) {
        return Path.of(place.substring(0, place.lastIndexOf(" on ")));
    }
}
