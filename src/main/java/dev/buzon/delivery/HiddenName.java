package dev.buzon.delivery;

import dev.buzon.intake.Strays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a source that is aside.
 *
 * @param owner the number of the lease under which it was taken aside; the beginning of its key if it is handled anew
 * @param names how many led to it before it was about to be given one more; 0 if it was not
 * @param source its name in the inbox
 */
record HiddenName(String owner, int names, String source) {

    /** A file name has 255 bytes at most. */
    private static final int SOURCE_BYTES = 220;

    private static final Pattern PATTERN =
            Pattern.compile(Pattern.quote(Strays.ASIDE) + "([0-9a-f.]+)(?:=([0-9]{1,9}))?-(.+)", Pattern.DOTALL);

    HiddenName(String owner, String source) {
        this(owner, 0, SafeName.ending(source, SOURCE_BYTES));
    }

    /** @return empty if it is no such name */
    static Optional<HiddenName> of(String name) {
        Matcher parts = PATTERN.matcher(name);
        return parts.matches()
                ? Optional.of(new HiddenName(
                        parts.group(1), parts.group(2) == null ? 0 : Integer.parseInt(parts.group(2)), parts.group(3)))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return Strays.ASIDE + owner + (names == 0 ? "" : "=" + names) + "-" + source;
    }
}
