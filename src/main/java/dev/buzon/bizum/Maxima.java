package dev.buzon.bizum;

import dev.buzon.job.LedgerChange;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The highest bizum of each person of one file, on their way to the ledger. What doesn't fit the memory is spooled to a
 * file, where a person may then stand more than once: the ledger takes the highest anyway.
 */
final class Maxima {

    private static final int PEOPLE_IN_MEMORY = 50_000;
    /** Of names and concepts, which take two bytes each at most. */
    private static final int CHARACTERS_IN_MEMORY = 8_000_000;

    /** To a server each of them would be a way there and back. */
    private static final int ROWS_AT_ONCE = 1_000;

    private static final String RAISE = "INSERT INTO highest_bizum (route, person, cents, concept) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (route, person) DO UPDATE SET cents = excluded.cents, concept = excluded.concept"
            + " WHERE excluded.cents > highest_bizum.cents"
            + " OR (excluded.cents = highest_bizum.cents AND excluded.concept < highest_bizum.concept)";

    /** As many as go with a task's result, and as many characters. */
    private static final int FEW = 1_000;

    private static final int FEW_CHARACTERS = 100_000;

    private final Path spool;
    private final Map<String, Bizum> people = new HashMap<>();
    private int characters;
    private boolean spooled;

    /** @param spool where they are written to */
    Maxima(Path spool) {
        this.spool = spool;
    }

    void add(Bizum bizum) throws IOException {
        people.merge(bizum.person(), bizum, (old, fresh) -> fresh.isHigherThan(old) ? fresh : old);
        characters += bizum.person().length() + bizum.concept().length();
        if (people.size() >= PEOPLE_IN_MEMORY || characters >= CHARACTERS_IN_MEMORY) {
            flush();
        }
    }

    /** Writes those in memory to the spool. */
    void flush() throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(
                Files.newOutputStream(spool, StandardOpenOption.CREATE, StandardOpenOption.APPEND)))) {
            for (Bizum bizum : people.values()) {
                writeText(out, bizum.person());
                out.writeLong(bizum.cents());
                writeText(out, bizum.concept());
            }
        }
        people.clear();
        characters = 0;
        spooled = true;
    }

    /** What raises the ledger's maxima of a route to these; nothing can be added any more. */
    LedgerChange raise(String route) throws IOException {
        if (!spooled && people.size() <= FEW && characters <= FEW_CHARACTERS) {
            return new RaiseFew(route, new ArrayList<>(people.values()));
        }
        flush();
        return new RaiseSpooled(route, spool.toString());
    }

    /** Raises the maxima of a route; how many it raised is how many rows it changes. */
    private record RaiseFew(String route, ArrayList<Bizum> bizums) implements LedgerChange {

        @Override
        public long apply(Connection connection) throws SQLException {
            try (Raising raising = new Raising(connection, route)) {
                for (Bizum bizum : bizums) {
                    raising.add(bizum.person(), bizum.cents(), bizum.concept());
                }
                return raising.finish();
            }
        }
    }

    /** The same of those in a spool. */
    private record RaiseSpooled(String route, String spool) implements LedgerChange {

        @Override
        public long apply(Connection connection) throws SQLException, IOException {
            try (DataInputStream in =
                            new DataInputStream(new BufferedInputStream(Files.newInputStream(Path.of(spool))));
                    Raising raising = new Raising(connection, route)) {
                while (true) {
                    String person;
                    try {
                        person = readText(in);
                    } catch (EOFException end) {
                        return raising.finish();
                    }
                    raising.add(person, in.readLong(), readText(in));
                }
            }
        }
    }

    private static final class Raising implements AutoCloseable {

        private final String route;
        private final PreparedStatement upsert;
        private long raised;
        private int waiting;

        Raising(Connection connection, String route) throws SQLException {
            this.route = route;
            this.upsert = connection.prepareStatement(RAISE);
        }

        void add(String person, long cents, String concept) throws SQLException {
            upsert.setString(1, route);
            upsert.setString(2, person);
            upsert.setLong(3, cents);
            upsert.setString(4, concept);
            upsert.addBatch();
            waiting++;
            if (waiting % ROWS_AT_ONCE == 0) {
                raised += IntStream.of(upsert.executeBatch()).sum();
            }
        }

        long finish() throws SQLException {
            return raised + IntStream.of(upsert.executeBatch()).sum();
        }

        @Override
        public void close() throws SQLException {
            upsert.close();
        }
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String readText(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
