package dev.buzon.daemon;

import dev.buzon.delivery.Snapshots;
import dev.buzon.home.RouteDefinitions;
import dev.buzon.home.SettingsException;
import dev.buzon.job.Snapshot;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.main.Main;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ExceptionHelper;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The files of the routes folder as a start reads them, and what is said of those that can't be used. */
final class RouteFiles {

    /** How Camel says which bean it was. */
    private static final Pattern FAILED_BEAN = Pattern.compile("Error creating bean: (.+) of type: .+");

    private final RouteDefinitions definitions;

    private RouteFiles(RouteDefinitions definitions) {
        this.definitions = definitions;
    }

    /** @throws SettingsException with all that two files, or one, define twice */
    static RouteFiles of(RouteDefinitions definitions) {
        if (!definitions.problems().isEmpty()) {
            throw new SettingsException(definitions.problems());
        }
        return new RouteFiles(definitions);
    }

    /**
     * All files at once: Camel applies route configurations only to the routes that it loads with or after them.
     *
     * @throws SettingsException that names what can't be used, with file and line
     */
    void load(CamelContext context, Snapshots snapshots) {
        List<String> problems = definitions.beans().values().stream()
                .filter(bean -> context.getRegistry().lookupByName(bean.name()) != null)
                .map(bean -> "The bean " + bean.name() + ", " + bean.place()
                        + ", has the name of one of Buzón's own. Give it another one.")
                .toList();
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        try {
            List<Resource> resources = new ArrayList<>();
            definitions
                    .contents()
                    .forEach((file, content) -> resources.add(ResourceHelper.fromBytes(file.toString(), content)));
            PluginHelper.getRoutesLoader(context).loadRoutes(resources);
            for (RouteDefinition route : ((ModelCamelContext) context).getRouteDefinitions()) {
                if (route.getTemplateParameters() != null) {
                    prepare(route, context, snapshots);
                }
            }
        } catch (SettingsException e) {
            throw e;
        } catch (Exception e) {
            throw new SettingsException(List.of(problem(e)));
        }
    }

    /**
     * Tells a route that is made from a template its id, gives its own beans names that no other route has, and has the
     * table of its job published, if it has one.
     */
    private void prepare(RouteDefinition route, CamelContext context, Snapshots snapshots) {
        Map<String, Object> parameters = route.getTemplateParameters();
        for (Map.Entry<String, Object> parameter : parameters.entrySet()) {
            if (parameter.getValue() instanceof String text && text.startsWith("#")) {
                String name = text.substring(1);
                Object own = ownBean(route, name);
                if (own != null) {
                    context.getRegistry().bind(route.getId() + "." + name, own);
                    parameter.setValue("#" + route.getId() + "." + name);
                }
            }
        }
        parameters.put("route", route.getId());
        String job = String.valueOf(parameters.get("job")).replaceFirst("^#", "");
        if (context.getRegistry().lookupByName(job) instanceof Snapshot snapshot) {
            snapshots.add(route.getId(), snapshot);
        }
    }

    /** @return null if the route has no bean of that name */
    private Object ownBean(RouteDefinition route, String name) {
        try {
            return route.getRouteTemplateContext().getLocalBeanRepository().lookupByName(name);
        } catch (RuntimeException e) {
            RouteDefinitions.Bean bean = definitions.beans().get(route.getId() + "." + name);
            if (bean == null) {
                throw e;
            }
            throw new SettingsException(List.of(problem(bean, e)));
        }
    }

    /** @throws SettingsException that names the route which can't be made, with file and line */
    void start(Main main) {
        try {
            main.start();
        } catch (FailedToCreateRouteException e) {
            RouteDefinitions.Place place = definitions
                    .place(e.getRouteId())
                    .orElseThrow(() -> new IllegalStateException("A route can't be made.", e));
            throw new SettingsException(List.of(problem("The route " + e.getRouteId(), place.file(), place.line(), e)));
        }
    }

    private String problem(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Matcher matcher = FAILED_BEAN.matcher(String.valueOf(cause.getMessage()));
            if (matcher.matches() && definitions.beans().containsKey(matcher.group(1))) {
                return problem(definitions.beans().get(matcher.group(1)), cause);
            }
        }
        String messages = ExceptionHelper.stackTraceToString(failure);
        Path file = definitions.contents().keySet().stream()
                .filter(candidate -> messages.contains(candidate.toString()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The routes can't be loaded.", failure));
        return problem("A route", file, 0, failure);
    }

    private static String problem(RouteDefinitions.Bean bean, Throwable failure) {
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
        if (cause instanceof ClassNotFoundException || cause instanceof NoSuchBeanException) {
            return reason(cause);
        }
        Class<?> loaded;
        try {
            loaded = Class.forName(type, false, RouteFiles.class.getClassLoader());
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

    /** @param line where it begins, which gives way to that of the word at fault where there is one */
    private static String problem(String what, Path file, int line, Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String word = cause instanceof ClassNotFoundException
                ? cause.getMessage()
                : cause instanceof NoSuchBeanException bean ? bean.getName() : null;
        int at = word == null ? line : lineWith(file, word, line);
        return what + " can't be made, " + file + (at > 0 ? ", line " + at : "") + ": " + reason(cause);
    }

    private static String reason(Throwable cause) {
        if (cause instanceof ClassNotFoundException) {
            return "there is no class " + cause.getMessage();
        }
        return cause.getMessage() == null
                ? cause.toString()
                : cause.getMessage().strip();
    }

    private static int lineWith(Path file, String word, int otherwise) {
        try {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).contains(word)) {
                    return i + 1;
                }
            }
        } catch (IOException e) {
            // The file was read a moment ago; without it the line is all that is missing.
        }
        return otherwise;
    }
}
