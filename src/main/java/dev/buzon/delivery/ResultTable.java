package dev.buzon.delivery;

import java.sql.SQLException;
import java.util.List;

/** What a job has to show of its results; a bean of this type is shown on the page. Called by any thread. */
public interface ResultTable {

    /**
     * What is shown.
     *
     * @param route whose results they are
     * @param rows the first ones
     * @param count of all rows there are
     */
    record Content(String title, String route, List<String> columns, List<List<String>> rows, long count) {}

    /** @param limit how many rows at most */
    Content show(int limit) throws SQLException;
}
