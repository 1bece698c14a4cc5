package dev.buzon;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Marks tests that are a part of the long form alone: {@code -Pfaults}. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@EnabledIfSystemProperty(
        named = LongForm.PROPERTY,
        matches = "true",
        disabledReason = "a part of the long form: -Pfaults")
public @interface LongForm {

    String PROPERTY = "buzon.faults.long";
}
