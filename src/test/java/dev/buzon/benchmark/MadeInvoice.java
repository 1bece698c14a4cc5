package dev.buzon.benchmark;

import java.util.List;
import java.util.Random;

/**
 * Invoices with all the fields of real ones, and as long: 500 of them are about 345 KB, with 2.5 line items each. Those
 * of {@code simulate} are shorter, and slower to make than two gigabytes of them allow.
 */
final class MadeInvoice {

    private static final List<String> ITEMS = List.of(
            "Wine glass, set of six",
            "Portable lamp",
            "Carving knife, steel",
            "Oil-lamp clock",
            "Slipcover, linen",
            "Teacups and saucers",
            "Hand-woven rug",
            "Flower vase, large");
    private static final List<String> CITIES =
            List.of("Alicante", "Bilbao", "Cádiz", "Elche", "Logroño", "Santa Cruz de Tenerife");
    private static final List<String> STATES = List.of("Comunitat Valenciana", "País Vasco", "Andalucía", "La Rioja");

    private MadeInvoice() {}

    static void append(StringBuilder out, Random random) {
        int count = 1 + random.nextInt(4);
        int[] prices = random.ints(count, 50_000, 250_000).toArray();
        int[] quantities = random.ints(count, 1, 4).toArray();
        long total = 0;
        for (int i = 0; i < count; i++) {
            total += (long) prices[i] * quantities[i];
        }
        boolean home = random.nextInt(3) == 0;
        text(out.append('{'), "InvoiceNumber", 10_000_000 + random.nextInt(89_999_999));
        number(out, "CreatedTime", 1_767_258_000_000L + random.nextInt(86_400_000));
        text(out, "StoreID", "STR" + (1_000 + random.nextInt(9_000)));
        text(out, "PosID", "POS" + (100 + random.nextInt(900)));
        text(out, "CashierID", "OAS" + (100 + random.nextInt(900)));
        text(out, "CustomerType", random.nextBoolean() ? "PRIME" : "NONPRIME");
        text(out, "CustomerCardNo", 1_000_000_000L + random.nextInt(1_000_000_000));
        money(out, "TotalAmount", total);
        number(out, "NumberOfItems", count);
        text(out, "PaymentMethod", random.nextBoolean() ? "CARD" : "CASH");
        money(out, "TaxableAmount", total);
        money(out, "CGST", total / 40);
        money(out, "SGST", total / 40);
        money(out, "CESS", total / 800);
        text(out, "DeliveryType", home ? "HOME-DELIVERY" : "TAKEAWAY");
        if (home) {
            text(
                    out.append("\"DeliveryAddress\":{"),
                    "AddressLine",
                    "Calle Mayor " + (1 + random.nextInt(90)) + ", 3.º izquierda");
            text(out, "City", pick(CITIES, random));
            text(out, "State", pick(STATES, random));
            text(out, "PinCode", 10_000 + random.nextInt(42_000));
            text(out, "ContactNumber", 600_000_000 + random.nextInt(99_999_999));
            end(out, "},");
        }
        out.append("\"InvoiceLineItems\":[");
        for (int i = 0; i < count; i++) {
            int item = random.nextInt(ITEMS.size());
            text(out.append('{'), "ItemCode", 200 + item);
            text(out, "ItemDescription", ITEMS.get(item));
            money(out, "ItemPrice", prices[i]);
            number(out, "ItemQty", quantities[i]);
            money(out, "TotalValue", (long) prices[i] * quantities[i]);
            end(out, "},");
        }
        end(out, "]}\n");
    }

    private static String pick(List<String> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }

    private static void text(StringBuilder out, String name, Object value) {
        out.append('"').append(name).append("\":\"").append(value).append("\",");
    }

    private static void number(StringBuilder out, String name, long value) {
        out.append('"').append(name).append("\":").append(value).append(',');
    }

    private static void money(StringBuilder out, String name, long cents) {
        out.append('"').append(name).append("\":").append(cents / 100).append('.');
        out.append(cents / 10 % 10).append(cents % 10).append(',');
    }

    /** In place of the last comma. */
    private static void end(StringBuilder out, String end) {
        out.setLength(out.length() - 1);
        out.append(end);
    }
}
