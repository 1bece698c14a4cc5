package dev.buzon.fault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** How many records a file holds, counted in another way than the jobs do, where that can be told. */
final class GoodRecords {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final JsonMapper SEVERAL = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Set<String> TEXTS = Set.of(
            "InvoiceNumber",
            "StoreID",
            "PosID",
            "CashierID",
            "CustomerType",
            "CustomerCardNo",
            "PaymentMethod",
            "DeliveryType");
    private static final Set<String> NUMBERS =
            Set.of("CreatedTime", "TotalAmount", "NumberOfItems", "TaxableAmount", "CGST", "SGST", "CESS");
    private static final Set<String> ADDRESS = Set.of("AddressLine", "City", "State", "PinCode", "ContactNumber");
    private static final Set<String> ITEM_TEXTS = Set.of("ItemCode", "ItemDescription");
    private static final Set<String> ITEM_NUMBERS = Set.of("ItemPrice", "ItemQty", "TotalValue");
    /** Those that are taken in any case of letters. */
    private static final List<String> NEEDED = List.of(
            "InvoiceNumber",
            "CreatedTime",
            "StoreID",
            "PosID",
            "CustomerType",
            "PaymentMethod",
            "DeliveryType",
            "NumberOfItems",
            "DeliveryAddress",
            "City",
            "State",
            "PinCode",
            "InvoiceLineItems",
            "ItemCode",
            "ItemDescription",
            "ItemPrice",
            "ItemQty",
            "TotalValue");

    private static final Pattern PLAIN_BIZUM =
            Pattern.compile("[A-Za-z]{1,20}[0-9]{0,5};[1-9][0-9]{0,5};[A-Za-z ]{0,50}");

    private static final Pattern COLUMN_NAME = Pattern.compile("nombre|cantidad|concepto", Pattern.CASE_INSENSITIVE);
    /** A cell that is quoted, whatever follows the quote, or one that isn't, though it may begin with a quote. */
    private static final String CSV_CELL = "(?:\"[^\"]*+(?:\"\"[^\"]*+)*+\"[^;\\r\\n]*+|[^;\\r\\n]*+)";

    private static final Pattern CSV_RECORD =
            Pattern.compile("((?:\u00ef\u00bb\u00bf)?+" + CSV_CELL + "(?:;" + CSV_CELL + ")*+)(?:\\r\\n|\\r|\\n|\\z)");

    private GoodRecords() {}

    /** Whether the bytes may be read as UTF-16, where no lines can be counted. */
    static boolean maybeUtf16(byte[] file) {
        return new String(file, ISO_8859_1)
                .matches("(?s)(\u00ff\u00fe|\u00fe\u00ff|\u0000\u0000\u00fe\u00ff).*|.?\u0000.?\u0000.*");
    }

    /** Lines that are an invoice each, whatever else the file holds. */
    static long invoiceLines(byte[] file) {
        return withoutMark(new String(file, ISO_8859_1))
                .lines()
                .filter(line -> strictly(line.getBytes(ISO_8859_1))
                        .flatMap(GoodRecords::parsed)
                        .filter(GoodRecords::isInvoice)
                        .isPresent())
                .count();
    }

    /** All invoices of a file that holds nothing else; empty where it does. */
    static OptionalLong allInvoices(byte[] file) {
        Optional<String> text =
                strictly(withoutMark(new String(file, ISO_8859_1)).getBytes(ISO_8859_1));
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        List<JsonNode> values = new ArrayList<>();
        try (MappingIterator<JsonNode> parsed =
                SEVERAL.readerFor(JsonNode.class).readValues(SEVERAL.createParser(text.get()))) {
            parsed.forEachRemaining(values::add);
        } catch (IOException | RuntimeException e) {
            return OptionalLong.empty();
        }
        if (values.size() == 1 && values.get(0).isArray()) {
            JsonNode array = values.remove(0);
            array.forEach(values::add);
        }
        return values.stream().allMatch(GoodRecords::isInvoice) ? OptionalLong.of(values.size()) : OptionalLong.empty();
    }

    /** Records of bizums that aren't blank, headers among them: lines, and what quotes make of them. */
    static List<String> bizumRecords(byte[] file) {
        List<String> records = new ArrayList<>();
        Matcher record = CSV_RECORD.matcher(withoutMark(new String(file, ISO_8859_1)));
        while (record.lookingAt() && record.end() > record.start()) {
            String text = withoutMark(record.group(1));
            if (!text.isBlank()) {
                records.add(text);
            }
            record.region(record.end(), record.regionEnd());
        }
        return records;
    }

    static boolean maybeHeader(String record) {
        String lowerCase = record.toLowerCase(Locale.ROOT);
        return lowerCase.contains("nombre") && lowerCase.contains("cantidad") && lowerCase.contains("concepto");
    }

    /** Those that must be good, whatever is made of the rest: not below a header that may say something else. */
    static long plainBizums(byte[] file) {
        long bizums = 0;
        boolean usual = true;
        for (String record : bizumRecords(file)) {
            boolean header = record.strip().equalsIgnoreCase("Nombre;Cantidad;Concepto");
            usual = header || usual && !COLUMN_NAME.matcher(record).find();
            bizums += usual && PLAIN_BIZUM.matcher(record).matches() ? 1 : 0;
        }
        return bizums;
    }

    private static String withoutMark(String latin1) {
        return latin1.startsWith("\u00ef\u00bb\u00bf") ? latin1.substring(3) : latin1;
    }

    private static Optional<String> strictly(byte[] bytes) {
        try {
            return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static Optional<JsonNode> parsed(String line) {
        try {
            return Optional.ofNullable(JSON.readTree(line));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static boolean isInvoice(JsonNode read) {
        return read.isObject() && !isAmbiguous(read) && isUsualInvoice(inUsualCase(read));
    }

    /** Whether names that count are there more than once but for the case of letters, beside the field itself or not. */
    private static boolean isAmbiguous(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.properties().stream()
                .filter(field -> !field.getValue().isNull())
                .forEach(field -> names.add(field.getKey().toLowerCase(Locale.ROOT)));
        return NEEDED.stream().anyMatch(name -> Collections.frequency(names, name.toLowerCase(Locale.ROOT)) > 1)
                || StreamSupport.stream(node.spliterator(), false).anyMatch(GoodRecords::isAmbiguous);
    }

    private static JsonNode inUsualCase(JsonNode node) {
        if (node.isArray()) {
            ArrayNode array = JSON.createArrayNode();
            node.forEach(element -> array.add(inUsualCase(element)));
            return array;
        }
        if (!node.isObject()) {
            return node;
        }
        ObjectNode object = JSON.createObjectNode();
        node.properties()
                .forEach(field -> object.set(
                        NEEDED.stream()
                                .filter(name -> name.equalsIgnoreCase(field.getKey()))
                                .findFirst()
                                .filter(name -> !field.getValue().isNull())
                                .orElse(field.getKey()),
                        inUsualCase(field.getValue())));
        return object;
    }

    private static boolean isUsualInvoice(JsonNode node) {
        return node.isObject()
                && !hasRefusedName(node)
                && node.path("InvoiceNumber").isTextual()
                && hasTypes(node, TEXTS, NUMBERS)
                && (isAbsent(node.path("DeliveryAddress"))
                        || node.path("DeliveryAddress").isObject()
                                && hasTypes(node.path("DeliveryAddress"), ADDRESS, Set.of()))
                && (isAbsent(node.path("InvoiceLineItems"))
                        || node.path("InvoiceLineItems").isArray() && areItems(node.path("InvoiceLineItems")));
    }

    /**
     * Of surrogates it is half a pair at least: the mutations know no other. The jobs refuse it, which reading from text
     * does not; and names of more than 1,000 characters.
     */
    private static boolean hasRefusedName(JsonNode node) {
        return node.properties().stream()
                        .map(field -> field.getKey())
                        .anyMatch(name ->
                                name.length() > 1_000 || name.chars().anyMatch(c -> Character.isSurrogate((char) c)))
                || StreamSupport.stream(node.spliterator(), false).anyMatch(GoodRecords::hasRefusedName);
    }

    private static boolean areItems(JsonNode items) {
        for (JsonNode item : items) {
            if (!item.isObject() || !hasTypes(item, ITEM_TEXTS, ITEM_NUMBERS)) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasTypes(JsonNode node, Set<String> texts, Set<String> numbers) {
        return texts.stream()
                        .map(node::path)
                        .allMatch(text -> isAbsent(text)
                                || text.isTextual()
                                        && text.textValue()
                                                .codePoints()
                                                .noneMatch(c -> Character.getType(c) == Character.SURROGATE))
                && numbers.stream().map(node::path).allMatch(number -> isAbsent(number) || number.isNumber());
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isNull() || node.isMissingNode();
    }
}
