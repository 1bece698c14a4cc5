package dev.buzon.ledger;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The rows of the ledger that say what each route has done, of all time. */
public final class TotalRows {

    static final String ADD = "INSERT INTO total (route, handled, duplicates, rejected_files, bytes,"
            + " records, results, rejected_records, last_success) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (route) DO UPDATE SET handled = total.handled + excluded.handled,"
            + " duplicates = total.duplicates + excluded.duplicates,"
            + " rejected_files = total.rejected_files + excluded.rejected_files,"
            + " bytes = total.bytes + excluded.bytes, records = total.records + excluded.records,"
            + " results = total.results + excluded.results,"
            + " rejected_records = total.rejected_records + excluded.rejected_records,"
            + " last_success = COALESCE(excluded.last_success, total.last_success)"
            + " RETURNING handled + rejected_files";

    private TotalRows() {}

    /**
     * @param add of {@link #ADD}
     * @return how many files the route has committed then
     */
    static long add(PreparedStatement add, String route, Totals more) throws SQLException {
        add.setString(1, route);
        add.setLong(2, more.handled());
        add.setLong(3, more.duplicates());
        add.setLong(4, more.rejectedFiles());
        add.setLong(5, more.bytes());
        add.setLong(6, more.records());
        add.setLong(7, more.results());
        add.setLong(8, more.rejectedRecords());
        add.setObject(9, more.lastSuccess() == null ? null : more.lastSuccess().toEpochMilli());
        try (ResultSet row = add.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}
