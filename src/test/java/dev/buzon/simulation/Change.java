package dev.buzon.simulation;

import java.util.List;

/** A statement that has changed something, as it can be done again. */
record Change(String sql, List<Object> parameters) {

    /** Whether a statement only reads. */
    static boolean isQuery(String sql) {
        return beginsWith(sql, "SELECT") || beginsWith(sql, "PRAGMA");
    }

    /** Whether a statement changes rows, and not tables. */
    static boolean isOfRows(String sql) {
        return isInsert(sql) || beginsWith(sql, "UPDATE") || beginsWith(sql, "DELETE");
    }

    private static boolean isInsert(String sql) {
        return beginsWith(sql, "INSERT");
    }

    private static boolean beginsWith(String sql, String word) {
        return sql.regionMatches(true, 0, word, 0, word.length());
    }

    boolean isInsert() {
        return isInsert(sql);
    }

    /** What is done to which table, without the rest. */
    String inWords() {
        String[] words = sql.replaceAll("--.*", "").strip().split("\\W+");
        boolean withTwoVerbs = isInsert() || beginsWith(sql, "DELETE");
        return words[0] + " " + words[withTwoVerbs ? 2 : 1];
    }
}
