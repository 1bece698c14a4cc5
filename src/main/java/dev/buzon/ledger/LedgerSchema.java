package dev.buzon.ledger;

import dev.buzon.database.Database;
import dev.buzon.home.SettingsException;
import dev.buzon.job.JobTables;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** The tables of a ledger, and of which version they are. */
final class LedgerSchema {

    /** There is a script for each version, which makes it of the one before. */
    static final int VERSION = 6;

    /** From this version on, daemons that share a ledger agree on who works. */
    private static final int WITH_LEASE = 4;

    /** Those that there are, once somebody has looked: all jars are searched for them. */
    private static volatile List<JobTables> jobs;

    private LedgerSchema() {}

    /** @throws SettingsException if one is named that is not there, or two go by one name */
    private static List<JobTables> jobs() {
        if (jobs == null) {
            jobs = findJobs();
        }
        return jobs;
    }

    private static List<JobTables> findJobs() {
        try {
            List<JobTables> jobs = ServiceLoader.load(JobTables.class, LedgerSchema.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();
            if (jobs.stream().map(JobTables::job).distinct().count() < jobs.size()) {
                throw new SettingsException(List.of("Two jobs have tables under one name: "
                        + jobs.stream().map(JobTables::job).sorted().toList() + "."));
            }
            return jobs;
        } catch (ServiceConfigurationError e) {
            throw new SettingsException(List.of("The tables of a job can't be made: " + e.getMessage() + "."));
        }
    }

    /** Whether all tables are of this program's version, those of jobs among them. */
    static boolean isCurrent(Connection connection) throws SQLException {
        return versionIn(connection) == VERSION && problemOfJobs(connection).isEmpty();
    }

    /** The first job whose tables are of another version than this program's; empty if all are of that. */
    private static Optional<String> problemOfJobs(Connection connection) throws SQLException {
        for (JobTables job : jobs()) {
            int found = versionOf(job, connection);
            if (found != job.scripts().size()) {
                return Optional.of("the tables of the job " + job.job() + " are of version " + found + ", and "
                        + job.scripts().size() + " is that of this program");
            }
        }
        return Optional.empty();
    }

    private static int versionOf(JobTables job, Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT version FROM job WHERE name = ?")) {
            select.setString(1, job.job());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getInt(1) : 0;
            }
        }
    }

    /** @return 0 if there are no tables, or only such as were made before versions were written down */
    static int versionIn(Connection connection) throws SQLException {
        try (ResultSet table = connection.getMetaData().getTables(null, connection.getSchema(), "ledger", null)) {
            if (!table.next()) {
                return 0;
            }
        }
        return number(connection, "SELECT version FROM ledger");
    }

    /** Whether a daemon has worked on it that another program's lock doesn't keep away: it may do so now. */
    static boolean isShared(Connection connection) throws SQLException {
        return versionIn(connection) >= WITH_LEASE && number(connection, "SELECT number FROM lease") > 0;
    }

    private static int number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        }
    }

    /** Makes the tables what this program needs, in a transaction of the caller's. */
    static void migrate(Connection connection, Database database) throws SQLException, IOException {
        expectNoNewer(database, connection);
        for (int version = versionIn(connection) + 1; version <= VERSION; version++) {
            try (InputStream script = LedgerSchema.class.getResourceAsStream("ledger-" + version + ".sql")) {
                run(new String(script.readAllBytes(), StandardCharsets.UTF_8), connection, database);
            }
        }
        Database.execute(connection, "UPDATE ledger SET version = " + VERSION);
        for (JobTables job : jobs()) {
            migrate(job, connection, database);
        }
    }

    /** Makes the tables of a job, or what its newer scripts make of them. */
    static void migrate(JobTables job, Connection connection, Database database) throws SQLException {
        expectNoNewer(job, connection, database);
        List<String> scripts = job.scripts();
        int found = versionOf(job, connection);
        try {
            for (String script : scripts.subList(found, scripts.size())) {
                run(script, connection, database);
            }
        } catch (SQLException e) {
            throw new SQLException("the tables of the job " + job.job() + ": " + e.getMessage(), e.getSQLState(), e);
        }
        try (PreparedStatement update = connection.prepareStatement("INSERT INTO job (name, version) VALUES (?, ?)"
                + " ON CONFLICT (name) DO UPDATE SET version = excluded.version")) {
            update.setString(1, job.job());
            update.setInt(2, scripts.size());
            update.executeUpdate();
        }
    }

    private static void run(String script, Connection connection, Database database) throws SQLException {
        for (String statement : database.adapted(script).split(";\\s*")) {
            Database.execute(connection, statement);
        }
    }

    /** @throws SettingsException if it, or the tables of a job, are of a version that this program doesn't know */
    static void expectNoNewer(Database database, Connection connection) throws SQLException {
        int found = versionIn(connection);
        if (found > VERSION) {
            throw new SettingsException(List.of("The ledger " + database + " was written by a newer Buzón: it is of"
                    + " version " + found + ", and " + VERSION + " is the newest that this program knows."));
        }
        if (found == VERSION) {
            for (JobTables job : jobs()) {
                expectNoNewer(job, connection, database);
            }
        }
    }

    private static void expectNoNewer(JobTables job, Connection connection, Database database) throws SQLException {
        int found = versionOf(job, connection);
        if (found > job.scripts().size()) {
            throw new SettingsException(List.of("The ledger " + database + " was written by a newer program: the tables"
                    + " of the job " + job.job() + " are of version " + found + ", and "
                    + job.scripts().size() + " is the newest that this program knows."));
        }
    }

    /** @throws SettingsException if it is of another version than this program's, with what to do */
    static void expectCurrent(Database database, Connection connection) throws SQLException {
        expectNoNewer(database, connection);
        int found = versionIn(connection);
        if (found < VERSION) {
            throw new SettingsException(List.of("The ledger " + database + " is of version " + found
                    + ", and this program needs " + VERSION + ": start the service with this program once."));
        }
        Optional<String> problem = problemOfJobs(connection);
        if (problem.isPresent()) {
            throw new SettingsException(List.of("The ledger " + database + " needs a start of the service with this"
                    + " program: " + problem.get() + "."));
        }
    }
}
