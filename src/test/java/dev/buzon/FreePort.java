package dev.buzon;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** A port of the loopback address for a process that is about to start. */
public final class FreePort {

    private FreePort() {}

    /** One that was free a moment ago. */
    public static int next() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
