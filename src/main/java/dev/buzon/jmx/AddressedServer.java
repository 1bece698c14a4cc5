package dev.buzon.jmx;

import java.io.IOException;
import java.rmi.server.RMIClientSocketFactory;
import java.rmi.server.RMIServerSocketFactory;
import java.util.Map;
import javax.management.remote.rmi.RMIConnection;
import javax.management.remote.rmi.RMIJRMPServerImpl;
import javax.security.auth.Subject;

/**
 * A server that tells its clients an address of its own to connect to. RMI knows one for the whole process, a system
 * property that it reads at each export: when the server starts, and whenever a client connects.
 */
final class AddressedServer extends RMIJRMPServerImpl {

    private static final String ADDRESS = "java.rmi.server.hostname";

    private final String address;

    /**
     * @param address name or address
     * @param port 0 for any
     * @param clientSockets null for plain ones
     */
    AddressedServer(
            String address,
            int port,
            RMIClientSocketFactory clientSockets,
            RMIServerSocketFactory serverSockets,
            Map<String, ?> environment)
            throws IOException {
        super(port, clientSockets, serverSockets, environment);
        this.address = address;
    }

    @Override
    protected void export() throws IOException {
        addressed(address, () -> {
            super.export();
            return this;
        });
    }

    @Override
    protected RMIConnection makeClient(String connectionId, Subject subject) throws IOException {
        return addressed(address, () -> super.makeClient(connectionId, subject));
    }

    /** What exports an object. */
    interface Export<T> {
        T make() throws IOException;
    }

    /** Makes an export under an address. */
    static <T> T addressed(String address, Export<T> export) throws IOException {
        synchronized (AddressedServer.class) {
            String before = System.setProperty(ADDRESS, address);
            try {
                return export.make();
            } finally {
                if (before == null) {
                    System.clearProperty(ADDRESS);
                } else {
                    System.setProperty(ADDRESS, before);
                }
            }
        }
    }
}
