package dev.buzon.job;

/** Text from outside, as it may go to a log or a terminal. */
public final class Printable {

    private Printable() {}

    /** What could begin a line, drive a terminal or turn the direction of text is written as its code. */
    public static String of(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR,
                        Character.SURROGATE -> printable.append(String.format("\\u%04X", c));
                default -> printable.appendCodePoint(c);
            }
        });
        return printable.toString();
    }

    /** The same of the first so many characters. */
    public static String of(String text, int atMost) {
        int count = text.codePointCount(0, text.length());
        return count <= atMost ? of(text) : of(text.substring(0, text.offsetByCodePoints(0, atMost))) + "…";
    }
}
