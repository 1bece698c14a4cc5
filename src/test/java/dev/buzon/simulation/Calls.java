package dev.buzon.simulation;

/** Is asked before anything is done to the simulated world; what others do meanwhile is done before it returns. */
public interface Calls {

    /**
     * Lets an act happen, or not.
     *
     * @param on the absolute path, without links, of what it is done to; the beginning of an SQL statement
     * @return {@link Fault#NONE} if it is to succeed
     * @throws Killed if the process that acts is dead: nothing is done
     */
    Fault before(Act act, String on);

    /** The user that acts. */
    String user();
}
