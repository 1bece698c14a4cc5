package dev.buzon.invoice;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;

/** The job's inner loop in memory, for benchmarks: good invoices, a line each. */
public final class InvoiceLoop {

    private InvoiceLoop() {}

    /** @param quickly whether ordinary invoices are read the quick way */
    public static void write(byte[] invoices, boolean quickly, OutputStream out) throws IOException {
        Invoice invoice = new Invoice("UTF-8");
        PlainInvoice plain = quickly ? new PlainInvoice() : null;
        try (JsonRecords records = new JsonRecords(
                        new ByteArrayInputStream(invoices),
                        JsonRecords.Layout.LINES,
                        Integer.MAX_VALUE,
                        JsonRecords.newBuffer(),
                        plain);
                JsonGenerator generator = new JsonFactory().createGenerator(out).setRootValueSeparator(null)) {
            while (records.next()) {
                if (records.isPlain()) {
                    plain.writeItems(out);
                } else {
                    invoice.read(records.bytes(), records.length());
                    invoice.writeItems(generator);
                }
            }
        } catch (BadInvoiceException | JsonRecords.BrokenStructureException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
