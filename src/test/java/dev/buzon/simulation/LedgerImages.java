package dev.buzon.simulation;

import dev.buzon.database.Database;
import dev.buzon.ledger.Ledger;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Images of ledgers without files, for histories to begin with. Each is made once. Not to be written to. */
public final class LedgerImages {

    /** Versions before this one didn't write down what they are. */
    private static final int FIRST_WRITTEN_DOWN = 2;

    /** Nothing fails, and nobody else acts. */
    static final Calls UNDISTURBED = new Calls() {
        @Override
        public Fault before(Act act, String on) {
            return Fault.NONE;
        }

        @Override
        public String user() {
            return "buzon";
        }
    };

    /** There is no ledger. */
    static final int NONE = 0;
    /** That of this program. */
    static final int NEWEST = 6;

    private static final int CURRENT = -1;
    private static final Map<Integer, byte[]> IMAGES = new ConcurrentHashMap<>();

    private LedgerImages() {}

    /**
     * Of a ledger that a history begins with.
     *
     * @param version {@link #NONE}, {@link #NEWEST}, or an older one
     */
    static byte[] of(int version) {
        return switch (version) {
            case NONE -> new byte[0];
            case NEWEST -> current();
            default -> image(version);
        };
    }

    /** Of a ledger of this program's version. */
    public static byte[] current() {
        return IMAGES.computeIfAbsent(
                CURRENT,
                c -> made(store -> {
                    Ledger.openAtStart(SimulatedDatabase.file(store, UNDISTURBED))
                            .close();
                    return null;
                }));
    }

    /** Of a ledger of an older version, as that program left it. */
    public static byte[] image(int version) {
        return IMAGES.computeIfAbsent(
                version,
                v -> made(store -> {
                    for (int script = 1; script <= v; script++) {
                        run(script, store.look());
                    }
                    if (v >= FIRST_WRITTEN_DOWN) {
                        Database.execute(store.look(), "UPDATE ledger SET version = " + v);
                    }
                    return null;
                }));
    }

    private static void run(int script, Connection connection) throws SQLException, IOException {
        String name = "ledger-" + script + ".sql";
        try (InputStream in = Ledger.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException("There is no " + name + ".");
            }
            for (String statement : new String(in.readAllBytes(), StandardCharsets.UTF_8).split(";\\s*")) {
                Database.execute(connection, statement);
            }
        }
    }

    private interface Making {
        Void in(SimulatedStore store) throws SQLException, IOException;
    }

    private static byte[] made(Making making) {
        try (SimulatedStore store = new SimulatedStore()) {
            making.in(store);
            return store.image();
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
