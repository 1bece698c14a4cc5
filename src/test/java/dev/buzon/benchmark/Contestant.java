package dev.buzon.benchmark;

/** One of those that are measured side by side, with what its turns have given. Its first failure ends it. */
final class Contestant {

    /** One measurement, from the start of a process to its end. */
    @FunctionalInterface
    interface Turn {
        Figures take() throws Exception;
    }

    private final String name;
    private final Turn turn;
    private final Figures figures = new Figures();
    private String failure;

    Contestant(String name, Turn turn) {
        this.name = name;
        this.turn = turn;
    }

    /** Takes its turn, once what others have left unwritten is on the disk. */
    void take() throws InterruptedException {
        if (failed()) {
            return;
        }
        System.err.println("  " + name);
        try {
            Ground.sync();
            figures.addAll(turn.take());
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            failure = e.toString();
            e.printStackTrace();
        }
    }

    String name() {
        return name;
    }

    Figures figures() {
        return figures;
    }

    boolean failed() {
        return failure != null;
    }

    String failure() {
        return failure;
    }
}
