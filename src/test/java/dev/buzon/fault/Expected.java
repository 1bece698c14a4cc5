package dev.buzon.fault;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What should become of a file, computed in the plainest way from its content and with nothing of the main code.
 *
 * <p>It knows what the tests make: UTF-8, an invoice a line or an array of them on one line, bizums without quotes or
 * accents that can be composed.
 *
 * @param readable false where the file is to be rejected as a whole
 * @param records how many are good
 * @param lineItems the JSON of each, in the order of the file
 * @param bad a {@code line: record} each
 * @param bizums the good ones
 */
record Expected(boolean readable, long records, List<String> lineItems, List<String> bad, List<Bizum> bizums) {

    /** @param person in lower case */
    record Bizum(String person, long cents, String concept) {

        boolean isHigherThan(Bizum other) {
            return cents > other.cents || cents == other.cents && concept.compareTo(other.concept) < 0;
        }
    }

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** Fields, and whether they are numbers. */
    private static final Map<String, Boolean> INVOICE = Map.of("InvoiceNumber", false, "CreatedTime", true);

    private static final List<String> OF_INVOICE = List.of(
            "InvoiceNumber", "CreatedTime", "StoreID", "PosID", "CustomerType", "PaymentMethod", "DeliveryType");
    private static final List<String> OF_ADDRESS = List.of("City", "State", "PinCode");
    private static final List<String> OF_ITEM =
            List.of("ItemCode", "ItemDescription", "ItemPrice", "ItemQty", "TotalValue");

    static Expected of(String route, byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        return route.equals("invoices") ? ofInvoices(text) : ofBizums(text);
    }

    /** JSON in a form that is the same where fields, their order, and the digits of numbers are. */
    static String canonical(String json) throws JsonProcessingException {
        return JSON.readTree(json).toString();
    }

    static JsonNode read(String json) throws JsonProcessingException {
        return JSON.readTree(json);
    }

    private static Expected ofInvoices(String text) {
        long records = 0;
        List<String> lineItems = new ArrayList<>();
        List<String> bad = new ArrayList<>();
        boolean array = text.startsWith("[");
        String[] lines = text.split("\n");
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].isBlank()) {
                continue;
            }
            try {
                JsonNode read = JSON.readTree(lines[i]);
                for (JsonNode invoice : array ? read : List.of(read)) {
                    lineItems.addAll(lineItems(invoice));
                    records++;
                }
            } catch (JsonProcessingException | IllegalArgumentException e) {
                bad.add(i + 1 + ": " + lines[i]);
            }
        }
        boolean readable = records > 0 || array && bad.isEmpty();
        return new Expected(readable, records, lineItems, readable ? bad : List.of(), List.of());
    }

    private static List<String> lineItems(JsonNode invoice) {
        INVOICE.forEach((field, number) -> {
            JsonNode value = invoice.path(field);
            if (number ? value.isTextual() : !value.isTextual()) {
                throw new IllegalArgumentException(field);
            }
        });
        List<String> lineItems = new ArrayList<>();
        for (JsonNode item : invoice.path("InvoiceLineItems")) {
            ObjectNode out = JSON.createObjectNode();
            copy(OF_INVOICE, invoice, out);
            copy(OF_ADDRESS, invoice.path("DeliveryAddress"), out);
            copy(OF_ITEM, item, out);
            lineItems.add(out.toString());
        }
        return lineItems;
    }

    private static void copy(List<String> fields, JsonNode from, ObjectNode to) {
        for (String field : fields) {
            if (from.hasNonNull(field)) {
                to.set(field, from.get(field));
            }
        }
    }

    private static Expected ofBizums(String text) {
        boolean header = false;
        List<String> bad = new ArrayList<>();
        List<Bizum> bizums = new ArrayList<>();
        String[] lines = text.split("\r?\n");
        for (int i = 0; i < lines.length; i++) {
            if (i == 0 && lines[i].equalsIgnoreCase("Nombre;Cantidad;Concepto")) {
                header = true;
                continue;
            }
            String[] cells = lines[i].split(";", -1);
            if (cells.length == 3
                    && !cells[0].isBlank()
                    && cells[1].matches("[0-9]{1,13}([.,][0-9]{1,2})?")
                    && cents(cells[1]) > 0) {
                bizums.add(new Bizum(cells[0].strip().toLowerCase(Locale.ROOT), cents(cells[1]), cells[2].strip()));
            } else if (!lines[i].isBlank()) {
                bad.add(i + 1 + ": " + lines[i]);
            }
        }
        boolean readable = !bizums.isEmpty() || header && bad.isEmpty();
        return new Expected(readable, bizums.size(), List.of(), readable ? bad : List.of(), bizums);
    }

    private static long cents(String amount) {
        return new BigDecimal(amount.replace(',', '.')).movePointRight(2).longValueExact();
    }
}
