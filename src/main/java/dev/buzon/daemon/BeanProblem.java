package dev.buzon.daemon;

import dev.buzon.home.RouteDefinitions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.NoSuchBeanException;

/** What is said of a bean that can't be made. */
final class BeanProblem {

    /** How Camel says that a placeholder stands for nothing. */
    private static final Pattern UNKNOWN_KEY =
            Pattern.compile("Property with key \\[(.+?)\\] not found.*", Pattern.DOTALL);

    private BeanProblem() {}

    /** @param failure Camel's, or one of the bean's own in it */
    static String of(RouteDefinitions.Bean bean, Throwable failure) {
        return "The bean " + bean.name() + " can't be made, " + bean.place() + ": "
                + reason(bean, bean.type().replaceFirst("^#class:", ""), failure);
    }

    private static String reason(RouteDefinitions.Bean bean, String type, Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            if (cause instanceof InvocationTargetException) {
                return cause.getCause().toString();
            }
            cause = cause.getCause();
        }
        if (cause instanceof ClassNotFoundException) {
            return "there is no class " + cause.getMessage() + ".";
        }
        if (cause instanceof NoSuchBeanException) {
            return cause.getMessage();
        }
        Matcher unknownKey = UNKNOWN_KEY.matcher(String.valueOf(cause.getMessage()));
        if (unknownKey.matches()) {
            return "the key " + unknownKey.group(1) + " has no value. Set it, or give it a default: {{"
                    + unknownKey.group(1) + ":…}}.";
        }
        Class<?> loaded;
        try {
            loaded = Class.forName(type, false, Thread.currentThread().getContextClassLoader());
        } catch (ReflectiveOperationException | LinkageError e) {
            return cause.toString();
        }
        List<String> unknown = bean.properties().keySet().stream()
                .filter(property -> !hasSetter(loaded, property))
                .toList();
        if (!unknown.isEmpty()) {
            return type + " has no property " + String.join(", ", unknown) + ".";
        }
        boolean isOfConstructors = cause instanceof ReflectiveOperationException
                || cause instanceof IllegalStateException
                || cause instanceof IllegalArgumentException;
        return !isOfConstructors
                ? cause.toString()
                : type + " has no public constructor for "
                        + (bean.constructors().isEmpty()
                                ? "nothing, and nothing is what it is given"
                                : "what it is given, which is " + bean.constructors())
                        + ". " + constructors(loaded);
    }

    /** A leftover of the route that it was copied from is seen at a glance. */
    private static String constructors(Class<?> type) {
        String all = Arrays.stream(type.getConstructors())
                .map(constructor -> Arrays.stream(constructor.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", type.getSimpleName() + "(", ")")))
                .sorted()
                .collect(Collectors.joining(", "));
        return all.isEmpty() ? "It has none." : "It has: " + all + ".";
    }

    private static boolean hasSetter(Class<?> type, String property) {
        String name = property.split("[.\\[]")[0];
        String setter = "set" + name.replace("-", "");
        return Arrays.stream(type.getMethods())
                .map(Method::getName)
                .map(method -> method.toLowerCase(Locale.ROOT))
                .anyMatch(method -> method.equals(setter.toLowerCase(Locale.ROOT)));
    }
}
