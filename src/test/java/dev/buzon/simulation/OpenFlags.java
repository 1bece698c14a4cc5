package dev.buzon.simulation;

import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** How a file is opened, with what the JDK makes of options. */
record OpenFlags(
        boolean reads,
        boolean writes,
        boolean appends,
        boolean truncates,
        boolean creates,
        boolean createsNew,
        boolean follows) {

    static OpenFlags of(Set<? extends OpenOption> options) {
        for (OpenOption option : options) {
            boolean isKnown = option instanceof StandardOpenOption && option != StandardOpenOption.DELETE_ON_CLOSE
                    || option == LinkOption.NOFOLLOW_LINKS;
            if (!isKnown) {
                throw new UnsupportedOperationException(option + " not supported");
            }
        }
        boolean appends = options.contains(StandardOpenOption.APPEND);
        boolean writes = appends || options.contains(StandardOpenOption.WRITE);
        boolean reads = !writes || options.contains(StandardOpenOption.READ);
        boolean truncates = options.contains(StandardOpenOption.TRUNCATE_EXISTING);
        if (appends && reads) {
            throw new IllegalArgumentException("READ + APPEND not allowed");
        }
        if (appends && truncates) {
            throw new IllegalArgumentException("APPEND + TRUNCATE_EXISTING not allowed");
        }
        boolean createsNew = writes && options.contains(StandardOpenOption.CREATE_NEW);
        return new OpenFlags(
                reads,
                writes,
                appends,
                writes && truncates,
                createsNew || writes && options.contains(StandardOpenOption.CREATE),
                createsNew,
                !createsNew && !options.contains(LinkOption.NOFOLLOW_LINKS));
    }
}
