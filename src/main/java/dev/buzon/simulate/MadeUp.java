package dev.buzon.simulate;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Files with believable content; the same for the same seed. */
public enum MadeUp {
    INVOICES {
        @Override
        public String name(int number) {
            return "Invoice-made-" + number + ".json";
        }

        @Override
        public String content(Random random) {
            StringBuilder file = new StringBuilder();
            int invoices = 20 + random.nextInt(40);
            for (int i = 0; i < invoices; i++) {
                appendInvoice(file, random);
            }
            return file.toString();
        }
    },
    BIZUMS {
        @Override
        public String name(int number) {
            return "Bizum-made-" + number + ".csv";
        }

        @Override
        public String content(Random random) {
            StringBuilder file = new StringBuilder();
            int bizums = 1 + random.nextInt(4);
            for (int i = 0; i < bizums; i++) {
                String name = pick(random, PEOPLE);
                file.append(random.nextInt(4) == 0 ? name.toUpperCase(Locale.ROOT) : name)
                        .append(';')
                        .append(1 + random.nextInt(300))
                        .append(random.nextInt(3) == 0 ? ",50" : "")
                        .append(';')
                        .append(pick(random, CONCEPTS))
                        .append("\r\n");
            }
            return file.toString();
        }
    };

    private static final List<String> PEOPLE =
            List.of("Aitor", "Ana", "Begoña", "Íñigo", "Isabel", "Jorge", "José", "Juan", "Maria", "Pepe", "Ruben");
    private static final List<String> CONCEPTS =
            List.of("Cena restaurante", "Concierto", "Regalo de María", "Taxi", "Entradas", "Compra", "Gasolina");
    private static final List<String> ITEMS = List.of(
            "Wine glass",
            "Portable lamp",
            "Carving knife",
            "Oil-lamp clock",
            "Slipcover",
            "Teacups and saucers",
            "Rug");
    private static final List<String> CITIES = List.of("Alicante", "Bilbao", "Cádiz", "Elche", "Logroño");

    /** 1 January 2026, 9:00 UTC: invoices are made from then on. */
    private static final long OPENING = 1_767_258_000_000L;

    private static final long DAY_MILLIS = 86_400_000;

    /** @param number of the file, from 1 */
    public abstract String name(int number);

    public abstract String content(Random random);

    private static <T> T pick(Random random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static void appendInvoice(StringBuilder file, Random random) {
        List<String> items = new ArrayList<>();
        BigDecimal total = BigDecimal.ZERO;
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            int item = random.nextInt(ITEMS.size());
            int quantity = 1 + random.nextInt(3);
            BigDecimal price = BigDecimal.valueOf(500 + random.nextInt(200_000), 2);
            BigDecimal value = price.multiply(BigDecimal.valueOf(quantity));
            total = total.add(value);
            items.add(
                    "{\"ItemCode\":\"%d\",\"ItemDescription\":\"%s\",\"ItemPrice\":%s,\"ItemQty\":%d,\"TotalValue\":%s}"
                            .formatted(200 + item, ITEMS.get(item), price, quantity, value));
        }
        boolean home = random.nextInt(3) == 0;
        String address = home
                ? ("\"DeliveryAddress\":{\"AddressLine\":\"Calle Mayor %d\",\"City\":\"%s\",\"State\":\"ES\",\"PinCode\":"
                                + "\"%05d\",\"ContactNumber\":\"%d\"},")
                        .formatted(
                                1 + random.nextInt(90),
                                pick(random, CITIES),
                                1000 + random.nextInt(51_000),
                                600_000_000 + random.nextInt(99_999_999))
                : "";
        file.append(("{\"InvoiceNumber\":\"%d\",\"CreatedTime\":%d,\"StoreID\":\"STR%d\",\"PosID\":\"POS%d\","
                        + "\"CashierID\":\"OAS%d\",\"CustomerType\":\"%s\",\"TotalAmount\":%s,\"NumberOfItems\":%d,"
                        + "\"PaymentMethod\":\"%s\",\"DeliveryType\":\"%s\",%s\"InvoiceLineItems\":[%s]}\n")
                .formatted(
                        10_000_000 + random.nextInt(89_999_999),
                        OPENING + (long) (random.nextDouble() * DAY_MILLIS),
                        1000 + random.nextInt(9000),
                        100 + random.nextInt(900),
                        100 + random.nextInt(900),
                        random.nextBoolean() ? "PRIME" : "NONPRIME",
                        total,
                        count,
                        random.nextBoolean() ? "CARD" : "CASH",
                        home ? "HOME-DELIVERY" : "TAKEAWAY",
                        address,
                        String.join(",", items)));
    }
}
