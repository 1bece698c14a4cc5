package dev.buzon.simulation;

import java.util.ArrayList;
import java.util.List;

/** Says call by call what befalls daemons, and what others do meanwhile. The calls of a test itself are let. */
final class Script implements Calls {

    /** A daemon's action that may fail. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    private record Entry(String call, Fault fault, Action meanwhile) {}

    private final List<Entry> entries = new ArrayList<>();
    /** The calls of daemons, each as in {@code a: MOVE /home/inbox/invoices/f.txt}. */
    final List<String> made = new ArrayList<>();

    private String acting;

    /** The next call that matches a pattern fails. */
    void fail(String call, Fault fault) {
        fail(call, fault, () -> {});
    }

    void fail(String call, Fault fault, Action meanwhile) {
        entries.add(new Entry(call, fault, meanwhile));
    }

    /** Something is done before the next call that matches a pattern. */
    void before(String call, Action meanwhile) {
        fail(call, Fault.NONE, meanwhile);
    }

    /** The daemon is killed before the next call that matches a pattern. */
    void kill(String call) {
        before(call, () -> {
            throw new Killed();
        });
    }

    /** What has not happened so far does not happen any more. */
    void forget() {
        entries.clear();
    }

    void expectAllDone() {
        if (!entries.isEmpty()) {
            throw new AssertionError("was not called: " + entries + " but " + String.join("\n  ", made));
        }
    }

    void as(String daemon, Action action) throws Exception {
        String before = acting;
        acting = daemon;
        try {
            action.run();
        } finally {
            acting = before;
        }
    }

    @Override
    public Fault before(Act act, String on) {
        if (acting == null) {
            return Fault.NONE;
        }
        String call = acting + ": " + act + " " + on;
        made.add(call);
        for (Entry entry : entries) {
            if (call.matches(entry.call)) {
                entries.remove(entry);
                try {
                    as(null, entry.meanwhile);
                } catch (RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
                return entry.fault;
            }
        }
        return Fault.NONE;
    }

    @Override
    public String user() {
        return acting == null ? "root" : SimulatedDisk.SERVICE;
    }
}
