package dev.buzon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A TCP socket that takes connections.
 *
 * @param address four bytes or sixteen, as the kernel shows them: each four the last one first
 */
public record Listener(String address, int port) {

    /** Whether {@link #of} can tell. */
    public static boolean canBeSeen() {
        return Files.isDirectory(Path.of("/proc/self/net"));
    }

    /** Those of a process, from its entries in {@code /proc}. */
    public static List<Listener> of(long pid) throws IOException {
        Set<String> own = new HashSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                if (Files.isSymbolicLink(descriptor)) {
                    own.add(Files.readSymbolicLink(descriptor).toString());
                }
            }
        }
        List<Listener> listeners = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6")) {
            List<String> lines = Files.readAllLines(Path.of("/proc/" + pid + "/net/" + table));
            for (String line : lines.subList(1, lines.size())) {
                String[] fields = line.strip().split("\\s+");
                boolean listens = fields[3].equals("0A");
                if (listens && own.contains("socket:[" + fields[9] + "]")) {
                    String[] address = fields[1].split(":");
                    listeners.add(new Listener(address[0], Integer.parseInt(address[1], 16)));
                }
            }
        }
        return listeners;
    }

    public boolean isOnLoopback() {
        return address.matches("[0-9A-F]{6}7F|0{16}FFFF0000[0-9A-F]{6}7F|0{24}01000000");
    }
}
