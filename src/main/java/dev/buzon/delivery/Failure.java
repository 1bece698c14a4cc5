package dev.buzon.delivery;

import dev.buzon.home.FileFailure;
import dev.buzon.job.Printable;
import java.nio.file.FileSystemException;

/** Why something failed, for a person. */
public final class Failure {

    private static final int LENGTH = 300;

    private Failure() {}

    /** One line, bounded: of the failure that caused the others. Of a bug it says where. */
    public static String reason(Throwable failure) {
        Throwable root = root(failure);
        String reason;
        if (root instanceof FileSystemException ofFile) {
            reason = FileFailure.inWords(ofFile);
        } else {
            reason = root.getMessage() == null
                    ? root.getClass().getName()
                    : root.getClass().getSimpleName() + ": " + root.getMessage();
        }
        String where = isBug(failure) ? where(root) : "";
        return Printable.of(reason, LENGTH - Math.min(where.length(), LENGTH / 2)) + Printable.of(where, LENGTH / 2);
    }

    /** The failure that caused the others. */
    public static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** Whether a program is wrong, and not the world: what caused it is no failure that a program has to expect. */
    public static boolean isBug(Throwable failure) {
        Throwable root = root(failure);
        // Of a task's exception that can't be sent, Spark's own has the trace in its message.
        return root instanceof RuntimeException
                || root instanceof Error
                || root.getMessage() != null && root.getMessage().contains("\n\tat ");
    }

    /** The first place that is neither Java's nor an engine's. */
    private static String where(Throwable bug) {
        for (StackTraceElement frame : bug.getStackTrace()) {
            if (!frame.getClassName().matches("(java|javax|jdk|sun|scala|org\\.apache)\\..*")) {
                return " at " + frame.getClassName() + "." + frame.getMethodName() + "(" + frame.getFileName() + ":"
                        + frame.getLineNumber() + ")";
            }
        }
        return "";
    }
}
