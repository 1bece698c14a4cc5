package dev.buzon.jmx;

import java.io.Serializable;
import java.rmi.registry.LocateRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.management.Attribute;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import javax.rmi.ssl.SslRMIClientSocketFactory;

/** A user of JMX on another machine: prints a line for each thing it tries. */
final class RemoteClient {

    private RemoteClient() {}

    /**
     * Of a class that a service may have, and is not to be made read.
     *
     * @param value anything
     */
    record Stranger(String value) implements Serializable {}

    /**
     * @param arguments host, port, and attempts: {@code name:password}, {@code nobody} for no credentials, {@code
     *     stranger} for those of a class of its own, {@code plain} without TLS
     */
    public static void main(String[] arguments) {
        String host = arguments[0];
        int port = Integer.parseInt(arguments[1]);
        for (int i = 2; i < arguments.length; i++) {
            String attempt = arguments[i];
            if (attempt.equals("plain")) {
                attempt(attempt, () -> LocateRegistry.getRegistry(host, port).lookup("jmxrmi"));
                continue;
            }
            Map<String, Object> environment = new HashMap<>();
            environment.put("com.sun.jndi.rmi.factory.socket", new SslRMIClientSocketFactory());
            if (attempt.equals("stranger")) {
                environment.put(JMXConnector.CREDENTIALS, new Stranger(""));
            } else if (!attempt.equals("nobody")) {
                environment.put(JMXConnector.CREDENTIALS, attempt.split(":"));
            }
            attempt(attempt, () -> {
                JMXServiceURL address =
                        new JMXServiceURL("service:jmx:rmi:///jndi/rmi://" + host + ":" + port + "/jmxrmi");
                try (JMXConnector connector = JMXConnectorFactory.connect(address, environment)) {
                    use(attempt, connector.getMBeanServerConnection());
                }
                return "connected";
            });
        }
    }

    private static void use(String user, MBeanServerConnection server) throws Exception {
        ObjectName memory = new ObjectName("java.lang:type=Memory");
        attempt(user + " reads", () -> server.getAttribute(new ObjectName("java.lang:type=Runtime"), "SpecName"));
        attempt(user + " sets", () -> {
            server.setAttribute(memory, new Attribute("Verbose", false));
            return "done";
        });
        attempt(user + " invokes", () -> server.invoke(memory, "gc", null, null));
        attempt(user + " sends a stranger", () -> {
            server.setAttribute(memory, new Attribute("Verbose", new Stranger("")));
            return "done";
        });
    }

    private static void attempt(String what, Callable<Object> action) {
        Object result;
        try {
            result = action.call();
        } catch (Exception e) {
            StringBuilder causes = new StringBuilder();
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                causes.append(' ').append(cause.toString().replaceAll("\\s+", " "));
            }
            result = "refused:" + causes;
        }
        System.out.println(what + ": " + result);
    }
}
