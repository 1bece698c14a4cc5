package dev.buzon.invoice;

import java.util.List;
import java.util.Map;

/** The fields of an invoice with their types, and those that a line item is written with. */
final class InvoiceSchema {

    static final String NUMBER_OF_ITEMS = "NumberOfItems";
    static final String ADDRESS = "DeliveryAddress";
    static final String ITEMS = "InvoiceLineItems";

    /** The scalar fields of an invoice. */
    static final Map<String, FieldType> FIELDS = Map.ofEntries(
            Map.entry("InvoiceNumber", FieldType.STRING),
            Map.entry("CreatedTime", FieldType.NUMBER),
            Map.entry("StoreID", FieldType.STRING),
            Map.entry("PosID", FieldType.STRING),
            Map.entry("CashierID", FieldType.STRING),
            Map.entry("CustomerType", FieldType.STRING),
            Map.entry("CustomerCardNo", FieldType.STRING),
            Map.entry("TotalAmount", FieldType.NUMBER),
            Map.entry(NUMBER_OF_ITEMS, FieldType.NUMBER),
            Map.entry("PaymentMethod", FieldType.STRING),
            Map.entry("TaxableAmount", FieldType.NUMBER),
            Map.entry("CGST", FieldType.NUMBER),
            Map.entry("SGST", FieldType.NUMBER),
            Map.entry("CESS", FieldType.NUMBER),
            Map.entry("DeliveryType", FieldType.STRING));

    static final Map<String, FieldType> ADDRESS_FIELDS = Map.of(
            "AddressLine", FieldType.STRING,
            "City", FieldType.STRING,
            "State", FieldType.STRING,
            "PinCode", FieldType.STRING,
            "ContactNumber", FieldType.STRING);

    static final Map<String, FieldType> ITEM_FIELDS = Map.of(
            "ItemCode", FieldType.STRING,
            "ItemDescription", FieldType.STRING,
            "ItemPrice", FieldType.NUMBER,
            "ItemQty", FieldType.NUMBER,
            "TotalValue", FieldType.NUMBER);

    /** A line item's fields, in their order: those of the invoice, of its address, and its own. */
    static final List<String> OUT_INVOICE = List.of(
            "InvoiceNumber", "CreatedTime", "StoreID", "PosID", "CustomerType", "PaymentMethod", "DeliveryType");

    static final List<String> OUT_ADDRESS = List.of("City", "State", "PinCode");
    static final List<String> OUT_ITEM = List.of("ItemCode", "ItemDescription", "ItemPrice", "ItemQty", "TotalValue");

    /** In characters. What is longer is no price and no quantity, but a mistake. */
    static final int MAX_NUMBER_LENGTH = 1_000;

    private InvoiceSchema() {}
}
