package dev.buzon.invoice;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Writes a line item as a line of JSON. It leaves out the fields that the invoice lacks. */
final class ItemWriter {

    private ItemWriter() {}

    /**
     * @param invoice the scalar fields of the invoice, as text
     * @param address those of its address
     * @param item those of the line item itself
     */
    static void write(
            JsonGenerator out, Map<String, String> invoice, Map<String, String> address, Map<String, String> item)
            throws IOException {
        out.writeStartObject();
        write(out, InvoiceSchema.OUT_INVOICE, InvoiceSchema.FIELDS, invoice);
        write(out, InvoiceSchema.OUT_ADDRESS, InvoiceSchema.ADDRESS_FIELDS, address);
        write(out, InvoiceSchema.OUT_ITEM, InvoiceSchema.ITEM_FIELDS, item);
        out.writeEndObject();
        out.writeRaw('\n');
    }

    private static void write(
            JsonGenerator out, List<String> names, Map<String, FieldType> types, Map<String, String> values)
            throws IOException {
        for (String name : names) {
            String value = values.get(name);
            if (value != null) {
                out.writeFieldName(name);
                if (types.get(name) == FieldType.NUMBER) {
                    out.writeNumber(value);
                } else {
                    out.writeString(value);
                }
            }
        }
    }
}
