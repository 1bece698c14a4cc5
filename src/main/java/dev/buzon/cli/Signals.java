package dev.buzon.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles the signals that end a process. Spark's own helper for it gives the signal back to the JVM while an action
 * runs: the same signal again, as of a terminal that hangs up, would then stop Spark before Camel.
 */
final class Signals {

    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    /**
     * Runs an action on each signal of a kind, in a thread of its own. Does nothing if the process was started with the
     * signal ignored, as {@code nohup} does.
     *
     * @param name such as {@code TERM}
     */
    static void handle(String name, Runnable action) {
        try {
            // The compiler warns of the class by name, in a way that nothing suppresses.
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object handling = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        switch (method.getName()) {
                            case "handle" -> action.run();
                            case "equals" -> {
                                return self == arguments[0];
                            }
                            case "hashCode" -> {
                                return System.identityHashCode(self);
                            }
                            default -> {
                                return name;
                            }
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), handling);
        } catch (InvocationTargetException e) {
            // The JVM was told to leave signals alone.
            LOG.warn("SIG{} ends the process at once: {}", name, e.getCause().toString());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
