package dev.buzon.simulation;

import java.util.ArrayList;
import java.util.List;

/** Writes down what is done, and lets one act fail if it is told so. */
final class TestCalls implements Calls {

    final List<String> made = new ArrayList<>();
    String user = "root";
    private Act failing;
    private Fault fault;
    /** Is done before the next act; null if nothing is. */
    private Runnable meanwhile;
    /** Is done before each act; null if nothing is. */
    private Runnable always;

    void failNext(Act act, Fault with) {
        failing = act;
        fault = with;
    }

    void beforeTheNext(Runnable done) {
        meanwhile = done;
    }

    /** Is done before each act, but not before its own. */
    void beforeEach(Runnable done) {
        always = done;
    }

    @Override
    public Fault before(Act act, String on) {
        made.add(act + " " + on);
        if (always != null) {
            Runnable now = always;
            always = null;
            now.run();
            always = now;
        }
        if (meanwhile != null) {
            Runnable now = meanwhile;
            meanwhile = null;
            now.run();
        }
        if (act == failing) {
            failing = null;
            return fault;
        }
        return Fault.NONE;
    }

    @Override
    public String user() {
        return user;
    }
}
