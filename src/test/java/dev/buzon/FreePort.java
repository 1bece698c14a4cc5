package dev.buzon;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** A port of the loopback address for a process that is about to start. */
public final class FreePort {

    private static final int FIRST_OF_SERVICES = 20_000;
    private static final int LAST_OF_SERVICES = 30_000;

    private FreePort() {}

    /** One that was free a moment ago. */
    public static int next() throws IOException {
        return free(0);
    }

    /**
     * The same below those that the system hands out: nobody else gets it while a server is away, and a client that
     * tries it then does not come to be connected with itself.
     */
    public static int nextOfServices() throws IOException {
        while (true) {
            try {
                return free(ThreadLocalRandom.current().nextInt(FIRST_OF_SERVICES, LAST_OF_SERVICES));
            } catch (BindException e) {
                // Another one is free.
            }
        }
    }

    private static int free(int port) throws IOException {
        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
