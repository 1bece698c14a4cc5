package dev.buzon.bizum;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
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

    private static final String RAISE = "INSERT INTO highest_bizum (person, cents, concept) VALUES (?, ?, ?)"
            + " ON CONFLICT (person) DO UPDATE SET cents = excluded.cents, concept = excluded.concept"
            + " WHERE excluded.cents > highest_bizum.cents"
            + " OR (excluded.cents = highest_bizum.cents AND excluded.concept < highest_bizum.concept)";

    private final Path spool;
    private final Map<String, Bizum> people = new HashMap<>();
    private int characters;

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
        try (DataOutputStream out = new DataOutputStream(new java.io.BufferedOutputStream(Files.newOutputStream(
                spool, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND)))) {
            for (Bizum bizum : people.values()) {
                writeText(out, bizum.person());
                out.writeLong(bizum.cents());
                writeText(out, bizum.concept());
            }
        }
        people.clear();
        characters = 0;
    }

    /**
     * Raises the ledger's maxima to those of a spool.
     *
     * @return how many it raised
     */
    static long raise(Connection connection, Path spool) throws SQLException, IOException {
        long raised = 0;
        int waiting = 0;
        try (DataInputStream in = new DataInputStream(new java.io.BufferedInputStream(Files.newInputStream(spool)));
                PreparedStatement upsert = connection.prepareStatement(RAISE)) {
            while (true) {
                String person;
                try {
                    person = readText(in);
                } catch (EOFException end) {
                    return raised + IntStream.of(upsert.executeBatch()).sum();
                }
                upsert.setString(1, person);
                upsert.setLong(2, in.readLong());
                upsert.setString(3, readText(in));
                upsert.addBatch();
                waiting++;
                if (waiting % ROWS_AT_ONCE == 0) {
                    raised += IntStream.of(upsert.executeBatch()).sum();
                }
            }
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
