package dev.buzon.bizum;

import dev.buzon.job.BadRecords;
import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Amounts of euros as people write them, exactly, with either decimal sign. What could be read in two ways is not read.
 */
final class Amount {

    /** 13 digits before the decimal sign: the cents fit a long with room to spare. */
    private static final int MAX_DIGITS = 13;

    /** In characters. Nothing longer is tried: matching takes a stack and time that grow with the text. */
    private static final int MAX_LENGTH = 60;

    private static final Pattern AROUND = Pattern.compile("^[\\s\\p{Z}]+|[\\s\\p{Z}]+$");
    private static final Pattern CURRENCY =
            Pattern.compile("(?:€|EUR)[\\s\\p{Z}]*+(.+)|(.+?)[\\s\\p{Z}]*(?:€|EUR)", Pattern.CASE_INSENSITIVE);
    private static final Pattern NO_DIGITS_THAT_COUNT = Pattern.compile("^[+-]?0*");
    private static final Pattern PLAIN = Pattern.compile("([+-]?[0-9]+)(?:[.,]([0-9]+))?");
    private static final Pattern GROUPED =
            Pattern.compile("([+-]?[0-9]{1,3}(?:\\.[0-9]{3})+),([0-9]+)|([+-]?[0-9]{1,3}(?:,[0-9]{3})+)\\.([0-9]+)");
    private static final Pattern GROUPED_WHOLE =
            Pattern.compile("[+-]?[0-9]{1,3}(?:(?:\\.[0-9]{3}){2,}|(?:,[0-9]{3}){2,})");

    private Amount() {}

    /**
     * @param text such as {@code 25}, {@code 25.5}, {@code 25,50}, {@code 1.234,56} or {@code 1.234.567}, with a {@code
     *     €} or {@code EUR} before or after it, or without
     * @return cents
     * @throws BadBizumException where it is no amount, ambiguous, not positive, too exact or too large
     */
    static long cents(String text) throws BadBizumException {
        if (text.length() > MAX_LENGTH) {
            throw new BadBizumException("Cantidad: " + BadRecords.quote(text) + " is too long for an amount");
        }
        String shown = BadRecords.quote(text);
        // To look for a currency costs more than all the rest, and few have one.
        String amount = PLAIN.matcher(text).matches() ? text : withoutCurrency(text);
        String whole;
        String fraction;
        Matcher plain = PLAIN.matcher(amount);
        Matcher grouped = GROUPED.matcher(amount);
        if (plain.matches()) {
            whole = plain.group(1);
            fraction = plain.group(2);
            if (fraction != null && fraction.length() == 3 && whole.matches("[+-]?[1-9][0-9]{0,2}")) {
                throw new BadBizumException("Cantidad: " + shown + " could be thousands or decimals");
            }
        } else if (grouped.matches()) {
            boolean comma = grouped.group(1) != null;
            whole = grouped.group(comma ? 1 : 3).replace(comma ? "." : ",", "");
            fraction = grouped.group(comma ? 2 : 4);
        } else if (GROUPED_WHOLE.matcher(amount).matches()) {
            whole = amount.replaceAll("[.,]", "");
            fraction = null;
        } else {
            throw new BadBizumException("Cantidad: expected an amount, found " + shown);
        }
        if (fraction != null && fraction.length() > 2) {
            throw new BadBizumException("Cantidad: " + shown + " has more than two decimals");
        }
        if (NO_DIGITS_THAT_COUNT.matcher(whole).replaceFirst("").length() > MAX_DIGITS) {
            throw new BadBizumException("Cantidad: " + shown + " is too large");
        }
        long cents = new BigDecimal(fraction == null ? whole : whole + "." + fraction)
                .movePointRight(2)
                .longValueExact();
        if (cents <= 0) {
            throw new BadBizumException("Cantidad: " + shown + " is not positive");
        }
        return cents;
    }

    /** The amount in digits, with a point and decimals only where it has cents: 25, 25.50. */
    static String format(long cents) {
        BigDecimal amount = BigDecimal.valueOf(cents, 2);
        return cents % 100 == 0 ? amount.setScale(0).toPlainString() : amount.toPlainString();
    }

    private static String withoutCurrency(String text) {
        String amount = AROUND.matcher(text).replaceAll("");
        Matcher currency = CURRENCY.matcher(amount);
        return !currency.matches() ? amount : currency.group(1) != null ? currency.group(1) : currency.group(2);
    }
}
