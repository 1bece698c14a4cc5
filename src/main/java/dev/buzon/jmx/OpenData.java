package dev.buzon.jmx;

import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.CompositeDataSupport;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenDataException;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;
import javax.management.openmbean.TabularData;
import javax.management.openmbean.TabularDataSupport;
import javax.management.openmbean.TabularType;

/** Records and maps as the open types of JMX, which any client can show without our classes. */
final class OpenData {

    private OpenData() {}

    /** @param value of components that are numbers, texts, enums, instants or such records; null gives null */
    static CompositeData composite(Record value) {
        if (value == null) {
            return null;
        }
        RecordComponent[] components = value.getClass().getRecordComponents();
        try {
            return new CompositeDataSupport(
                    type(value.getClass()),
                    names(components),
                    Arrays.stream(components)
                            .map(component -> item(value, component))
                            .toArray());
        } catch (OpenDataException e) {
            throw new IllegalStateException(value.getClass() + " is no open data.", e);
        }
    }

    static CompositeData[] composites(List<? extends Record> values) {
        return values.stream().map(OpenData::composite).toArray(CompositeData[]::new);
    }

    /** A table of two columns. */
    static TabularData table(Map<String, Long> rows, String key, String value) {
        try {
            String[] columns = {key, value};
            CompositeType row = new CompositeType(
                    value, value, columns, columns, new OpenType<?>[] {SimpleType.STRING, SimpleType.LONG});
            TabularData table = new TabularDataSupport(new TabularType(value, value, row, new String[] {key}));
            for (Map.Entry<String, Long> entry : rows.entrySet()) {
                table.put(new CompositeDataSupport(row, columns, new Object[] {entry.getKey(), entry.getValue()}));
            }
            return table;
        } catch (OpenDataException e) {
            throw new IllegalStateException(rows + " are no open data.", e);
        }
    }

    static Date date(Instant time) {
        return time == null ? null : Date.from(time);
    }

    private static CompositeType type(Class<?> record) throws OpenDataException {
        RecordComponent[] components = record.getRecordComponents();
        OpenType<?>[] types = new OpenType<?>[components.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = openType(components[i].getType());
        }
        return new CompositeType(
                record.getSimpleName(), record.getSimpleName(), names(components), names(components), types);
    }

    private static OpenType<?> openType(Class<?> type) throws OpenDataException {
        if (type.isRecord()) {
            return type(type);
        } else if (type == long.class) {
            return SimpleType.LONG;
        } else if (type == double.class) {
            return SimpleType.DOUBLE;
        } else if (type == Instant.class) {
            return SimpleType.DATE;
        } else if (type == String.class || type.isEnum()) {
            return SimpleType.STRING;
        }
        throw new OpenDataException("No open type is known for " + type);
    }

    private static Object item(Record value, RecordComponent component) {
        Object item;
        try {
            item = component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
        if (item instanceof Record record) {
            return composite(record);
        } else if (item instanceof Instant time) {
            return date(time);
        }
        return item instanceof Enum<?> constant ? constant.name() : item;
    }

    private static String[] names(RecordComponent[] components) {
        return Arrays.stream(components).map(RecordComponent::getName).toArray(String[]::new);
    }
}
