package dev.buzon.invoice;

/** What the value of a scalar field has to be. */
enum FieldType {
    STRING("a string"),
    NUMBER("a number");

    private final String title;

    FieldType(String title) {
        this.title = title;
    }

    /** Returns the type as messages name it. */
    @Override
    public String toString() {
        return title;
    }
}
