package dev.buzon.invoice;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Fields that line items need and that came in another case of letters, such as {@code itemCode}: which, and how often.
 * Bounded, whatever the input.
 */
final class OtherCase implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final Map<String, String> USUAL = Stream.of(
                    InvoiceSchema.OUT_INVOICE,
                    InvoiceSchema.OUT_ADDRESS,
                    InvoiceSchema.OUT_ITEM,
                    List.of(InvoiceSchema.NUMBER_OF_ITEMS, InvoiceSchema.ADDRESS, InvoiceSchema.ITEMS))
            .flatMap(List::stream)
            .collect(Collectors.toMap(name -> name.toLowerCase(Locale.ROOT), Function.identity()));

    private static final int MOST_NAMES = 10;
    private static final String OTHERS = "others";

    private final TreeMap<String, Long> counts = new TreeMap<>();

    /** The name of the field that line items need, whatever the case; null if they need none of that name. */
    static String usual(String name) {
        return USUAL.get(name.toLowerCase(Locale.ROOT));
    }

    void add(String name) {
        add(name, 1);
    }

    void add(OtherCase others) {
        others.counts.forEach(this::add);
    }

    private void add(String name, long count) {
        counts.merge(counts.size() < MOST_NAMES || counts.containsKey(name) ? name : OTHERS, count, Long::sum);
    }

    /** Such as "2 × itemCode, 1 × storeid". */
    @Override
    public String toString() {
        return counts.entrySet().stream()
                .map(name -> name.getValue() + " × " + name.getKey())
                .collect(Collectors.joining(", "));
    }
}
