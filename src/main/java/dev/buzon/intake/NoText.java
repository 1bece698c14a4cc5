package dev.buzon.intake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Kinds of files that are no text, though text may lie in them: archives, compressed files, documents and databases. An
 * archive that does not compress would else be read like text, and in part.
 */
final class NoText {

    /** How many bytes are enough to tell: those of a header of tar. */
    static final int BYTES = 512;

    private static final String UNPACK = ": unpack it";
    private static final String EXPORT = ": save its data as text";

    /** @param pattern of the first bytes, in Latin 1 */
    private record Kind(Pattern pattern, String message) {
        Kind(String pattern, String message) {
            this(Pattern.compile(pattern, Pattern.DOTALL), message);
        }
    }

    private static final List<Kind> KINDS = List.of(
            new Kind(
                    "PK\3\4.{26}(\\[Content_Types\\]|_rels/|docProps/|xl/|word/|mimetypeapplication/vnd\\.)",
                    "an office document (xlsx, ods, docx or the like)" + EXPORT),
            new Kind("PK(\3\4|\5\6|\7\10)", "a zip archive" + UNPACK),
            new Kind("\u001f\u008b", "a gzip file" + UNPACK),
            new Kind("\u001f[\u009d\u00a0]", "a compressed file (.Z)" + UNPACK),
            new Kind("BZh[1-9](1AY&SY|\u0017rE8P\u0090)", "a bzip2 file" + UNPACK),
            new Kind("\u00fd7zXZ\0", "an xz file" + UNPACK),
            new Kind("\\(\u00b5/\u00fd|[P-_]\\*M\u0018", "a zstd file" + UNPACK),
            new Kind("\4\"M\u0018", "an lz4 file" + UNPACK),
            new Kind("LZIP\1", "an lzip file" + UNPACK),
            new Kind("7z\u00bc\u00af'\u001c", "a 7z archive" + UNPACK),
            new Kind("Rar!\u001a\7", "a rar archive" + UNPACK),
            new Kind("MSCF\0\0\0\0", "a cab archive" + UNPACK),
            new Kind("07070[127][0-9A-Fa-f]{70}", "a cpio archive" + UNPACK),
            new Kind("!<arch>\n", "an ar archive" + UNPACK),
            new Kind("\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1", "an office document (xls or doc)" + EXPORT),
            new Kind("%PDF-[12]\\.", "a PDF document" + EXPORT),
            new Kind("SQLite format 3\0", "an SQLite database" + EXPORT));

    private static final int TAR_CHECKSUM = 148;
    private static final int TAR_CHECKSUM_LENGTH = 8;

    private NoText() {}

    /**
     * What a file is that is no text, and what to do about it.
     *
     * @param first its first {@link #BYTES}, fewer if it is shorter
     * @return such as "a tar archive: unpack it"; null if nothing says that it is no text
     */
    static String of(byte[] first) {
        if (isTar(first)) {
            return "a tar archive" + UNPACK;
        }
        String text = new String(first, ISO_8859_1);
        return KINDS.stream()
                .filter(kind -> kind.pattern.matcher(text).lookingAt())
                .map(Kind::message)
                .findFirst()
                .orElse(null);
    }

    /** The "ustar" of newer headers is not asked for: older ones lack it, and it may stand in a text. */
    private static boolean isTar(byte[] first) {
        if (first.length < BYTES) {
            return false;
        }
        int afterChecksum = TAR_CHECKSUM + TAR_CHECKSUM_LENGTH;
        String checksum = new String(first, TAR_CHECKSUM, TAR_CHECKSUM_LENGTH, ISO_8859_1).replace('\0', ' ');
        if (!checksum.matches(" *[0-7]+ *")) {
            return false;
        }
        byte[] header = first.clone();
        Arrays.fill(header, TAR_CHECKSUM, afterChecksum, (byte) ' ');
        int unsigned = 0;
        int signed = 0;
        boolean padded = false;
        for (byte b : header) {
            unsigned += b & 0xFF;
            signed += b;
            padded |= b == 0;
        }
        int said = Integer.parseInt(checksum.strip(), 8);
        return padded && (said == unsigned || said == signed);
    }
}
