package dev.buzon.jmx;

import dev.buzon.home.SettingsException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.rmi.NoSuchObjectException;
import java.rmi.Remote;
import java.rmi.server.RMIClientSocketFactory;
import java.rmi.server.RMIServerSocketFactory;
import java.rmi.server.UnicastRemoteObject;
import java.util.List;
import java.util.Map;
import javax.management.remote.JMXServiceURL;
import javax.management.remote.rmi.RMIConnectorServer;
import javax.net.ssl.SSLServerSocket;
import javax.rmi.ssl.SslRMIClientSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JMX for other machines, on one port: the registry where clients ask for the server, and the server, both with TLS
 * alone. Users have passwords, and may read or also write.
 */
public final class RemoteConnector {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteConnector.class);

    /** Which objects a user may send: none whose class comes with the program, or with a library. */
    private static final String OBJECTS = "java.base/*;java.management/*;java.rmi.MarshalledObject;!*";

    private RemoteConnector() {}

    /**
     * @return what stops it
     * @throws SettingsException where it can't listen, or the file of rights can't be understood
     */
    public static AutoCloseable start(RemoteAccess access) {
        try {
            return open(access);
        } catch (IOException | IllegalArgumentException e) {
            throw new SettingsException(List.of("JMX can't be opened on buzon.jmx.host=" + access.host()
                    + ", buzon.jmx.port=" + access.port() + ", with the users' rights in " + access.rights() + ": "
                    + String.valueOf(e.getMessage()).replaceAll("\\s+", " ")));
        }
    }

    private static AutoCloseable open(RemoteAccess access) throws IOException {
        RMIClientSocketFactory clientSockets = new SslRMIClientSocketFactory();
        RMIServerSocketFactory serverSockets = port -> listen(access, port);
        Map<String, ?> environment = Map.of(
                "jmx.remote.x.password.file",
                access.passwords().toString(),
                "jmx.remote.x.password.toHashes",
                "true",
                "jmx.remote.x.access.file",
                access.rights().toString(),
                RMIConnectorServer.CREDENTIALS_FILTER_PATTERN,
                "java.lang.String;!*",
                RMIConnectorServer.SERIAL_FILTER_PATTERN,
                OBJECTS);
        AddressedServer exported =
                new AddressedServer(access.host(), access.port(), clientSockets, serverSockets, environment);
        RMIConnectorServer server = new RMIConnectorServer(
                new JMXServiceURL("rmi", access.host(), access.port()),
                environment,
                exported,
                ManagementFactory.getPlatformMBeanServer());
        server.start();
        try {
            Remote registry = AddressedServer.addressed(
                    access.host(), () -> registry(access.port(), clientSockets, serverSockets, exported.toStub()));
            LOG.info(
                    "JMX listens on {}, port {}, for the users in {}",
                    access.address().getHostAddress(),
                    access.port(),
                    access.passwords());
            return () -> stop(registry, server);
        } catch (IOException e) {
            server.stop();
            throw e;
        }
    }

    private static SSLServerSocket listen(RemoteAccess access, int port) throws IOException {
        SSLServerSocket socket =
                (SSLServerSocket) access.tls().getServerSocketFactory().createServerSocket(port, 0, access.address());
        socket.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        return socket;
    }

    /**
     * The JDK's own, with one entry for good. Into one of the public kind any process on this machine could put a
     * server that collects passwords.
     */
    private static Remote registry(
            int port, RMIClientSocketFactory clientSockets, RMIServerSocketFactory serverSockets, Remote server)
            throws IOException {
        try {
            // The jar's manifest opens the package.
            Constructor<?> constructor = Class.forName("sun.management.jmxremote.SingleEntryRegistry")
                    .getDeclaredConstructor(
                            int.class,
                            RMIClientSocketFactory.class,
                            RMIServerSocketFactory.class,
                            String.class,
                            Remote.class);
            constructor.setAccessible(true);
            return (Remote) constructor.newInstance(port, clientSockets, serverSockets, "jmxrmi", server);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IOException("This Java has no registry that can't be written to: " + e, e);
        }
    }

    private static void stop(Remote registry, RMIConnectorServer server) throws IOException {
        try {
            UnicastRemoteObject.unexportObject(registry, true);
        } catch (NoSuchObjectException e) {
            // It is gone.
        }
        server.stop();
    }
}
