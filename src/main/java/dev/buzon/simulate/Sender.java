package dev.buzon.simulate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Drops files into an inbox as a well-behaved sender does: written under a temporary name, then renamed. */
public final class Sender {

    private final Path inbox;

    public Sender(Path inbox) {
        this.inbox = inbox;
    }

    /**
     * Copies one of a folder's files, chosen at random.
     *
     * @return the name under which it was sent
     */
    public String sendOneOf(Path folder, Random random) throws IOException {
        List<Path> files;
        try (Stream<Path> children = Files.list(folder)) {
            files = children.filter(Files::isRegularFile).sorted().toList();
        }
        if (files.isEmpty()) {
            throw new IOException("There is no file in " + folder + ".");
        }
        Path chosen = files.get(random.nextInt(files.size()));
        return send(chosen.getFileName().toString(), temporary -> Files.copy(chosen, temporary));
    }

    /** @return the name under which it was sent: the one given, unless the inbox still holds one of that name */
    public String send(String name, String content) throws IOException {
        return send(name, temporary -> Files.writeString(temporary, content));
    }

    private String send(String name, Writing writing) throws IOException {
        Path target = inbox.resolve(name);
        for (int i = 2; Files.exists(target); i++) {
            int dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length();
            target = inbox.resolve(name.substring(0, dot) + "-" + i + name.substring(dot));
        }
        Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
        Files.deleteIfExists(temporary);
        writing.to(temporary);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        return target.getFileName().toString();
    }

    private interface Writing {
        void to(Path file) throws IOException;
    }
}
