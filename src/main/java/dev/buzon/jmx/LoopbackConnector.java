package dev.buzon.jmx;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.rmi.server.RMIServerSocketFactory;
import java.util.Map;
import java.util.Properties;
import javax.management.remote.JMXConnectorServer;
import javax.management.remote.JMXServiceURL;
import javax.management.remote.rmi.RMIConnectorServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code status} and JConsole find when they attach to this process: a connector that listens on the loopback
 * address alone. The JDK would start one of its own then, which turns other machines away but listens on every address.
 * As with the JDK's, its address holds a number that can't be guessed, and only a process of the same user can ask for
 * it.
 */
public final class LoopbackConnector {

    private static final Logger LOG = LoggerFactory.getLogger(LoopbackConnector.class);

    /** Where a process that attaches looks for the address. */
    private static final String ADDRESS = "com.sun.management.jmxremote.localConnectorAddress";

    private LoopbackConnector() {}

    /** @return what stops it */
    public static AutoCloseable start() throws IOException {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        RMIServerSocketFactory sockets = port -> new ServerSocket(port, 0, loopback);
        JMXConnectorServer server = new RMIConnectorServer(
                new JMXServiceURL("rmi", loopback.getHostAddress(), 0),
                Map.of(),
                new AddressedServer(loopback.getHostAddress(), 0, null, sockets, Map.of()),
                ManagementFactory.getPlatformMBeanServer());
        server.start();
        Properties found;
        try {
            // The JDK's own way of telling it; the jar's manifest opens the package.
            found = (Properties) Class.forName("jdk.internal.vm.VMSupport")
                    .getMethod("getAgentProperties")
                    .invoke(null);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warn("JMX: whoever attaches will make the JDK listen on every address: {}", e.toString());
            return server::stop;
        }
        found.setProperty(ADDRESS, server.getAddress().toString());
        return () -> {
            found.remove(ADDRESS);
            server.stop();
        };
    }
}
