package dev.buzon.daemon;

import dev.buzon.delivery.RouteSteps;
import dev.buzon.delivery.Snapshots;
import dev.buzon.home.RouteDefinitions;
import dev.buzon.home.SettingsException;
import dev.buzon.job.FileJob;
import dev.buzon.job.Snapshot;
import dev.buzon.spark.FileSplits;
import dev.buzon.spark.RddCallback;
import dev.buzon.spark.RddSource;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
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
import org.apache.camel.support.PropertyBindingSupport;
import org.apache.camel.support.ResourceHelper;

/** The files of the routes folder as a start reads them, and what is said of those that can't be used. */
final class RouteFiles {

    /** How Camel says which bean it was. */
    private static final Pattern FAILED_BEAN = Pattern.compile("Error creating bean: (.+) of type: .+");

    /** What a step may call of the bean {@code delivery}. */
    private static final Set<String> STEPS = Arrays.stream(RouteSteps.class.getDeclaredMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .map(Method::getName)
            .collect(Collectors.toSet());

    /** Beans that routes could name before there were templates. */
    private static final Set<String> FORMER_BEANS = Set.of("books", "settings", "oldestFirst");

    private final RouteDefinitions definitions;

    private RouteFiles(RouteDefinitions definitions) {
        this.definitions = definitions;
    }

    /** @throws SettingsException with all that can be seen to be wrong without making a route */
    static RouteFiles of(RouteDefinitions definitions) {
        Map<Path, String> former = new TreeMap<>();
        for (RouteDefinitions.Reference reference : definitions.references()) {
            if (isFormer(reference, definitions)) {
                former.putIfAbsent(
                        reference.place().file(),
                        reference.place() + ", is of a form that routes had before: there is no "
                                + (reference.method() == null
                                        ? "bean " + reference.bean()
                                        : "step " + reference.bean() + "." + reference.method())
                                + " any more. Write the route anew, in ten lines: see \"Add a route and a job of your"
                                + " own\" in the README.");
            }
        }
        if (!former.isEmpty()) {
            throw new SettingsException(List.copyOf(former.values()));
        }
        if (!definitions.problems().isEmpty()) {
            throw new SettingsException(definitions.problems());
        }
        return new RouteFiles(definitions);
    }

    private static boolean isFormer(RouteDefinitions.Reference reference, RouteDefinitions definitions) {
        if (reference.bean().equals("delivery")) {
            return reference.method() != null
                    && !STEPS.contains(reference.method().replaceFirst("\\(.*", ""));
        }
        return FORMER_BEANS.contains(reference.bean())
                && definitions.allBeans().noneMatch(bean -> bean.name().equals(reference.bean()));
    }

    /**
     * All files at once: Camel applies route configurations only to the routes that it loads with or after them.
     *
     * @throws SettingsException that names what can't be used, with file and line
     */
    void load(CamelContext context, Snapshots snapshots) {
        List<String> problems = definitions
                .allBeans()
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
                    prepare(route, definitions.route(route.getId()).orElseThrow(), context, snapshots);
                }
            }
        } catch (SettingsException e) {
            throw e;
        } catch (Exception e) {
            throw new SettingsException(List.of(problem(e)));
        }
    }

    /**
     * Tells a route that is made from a template its id, names its steps and its own beans after it, so that no other
     * route has the same, and has the table of its job published, if it has one.
     */
    private void prepare(
            RouteDefinition route, RouteDefinitions.Route defined, CamelContext context, Snapshots snapshots) {
        Map<String, Object> parameters = route.getTemplateParameters();
        parameters.put("route", route.getId());
        route.setNodePrefixId(route.getId() + "-");
        Properties inBeans = new Properties();
        inBeans.setProperty("route", route.getId());
        context.getPropertiesComponent().setLocalProperties(inBeans);
        try {
            for (Map.Entry<String, Object> parameter : parameters.entrySet()) {
                Object bean = newBean(parameter, route, defined, context);
                if (bean != null) {
                    String name = route.getId() + "." + parameter.getKey();
                    context.getRegistry().bind(name, bean);
                    parameter.setValue("#" + name);
                }
            }
        } finally {
            context.getPropertiesComponent().setLocalProperties(null);
        }
        Object job = named(parameters, "job", context);
        if (job instanceof FileJob && named(parameters, "dataSet", context) instanceof FileSplits) {
            throw new SettingsException(List.of("The parameter dataSet of the route " + defined.id() + ", "
                    + defined.placeOf("dataSet")
                    + ", asks for parts of files, and a FileJob takes whole files:"
                    + " leave the parameter out."));
        }
        if (job instanceof Snapshot snapshot) {
            snapshots.add(route.getId(), snapshot);
        }
    }

    /**
     * A bean of the route's own, or of a class, that a parameter names.
     *
     * @return null if it names none, or one that is for all routes
     */
    private static Object newBean(
            Map.Entry<String, Object> parameter,
            RouteDefinition route,
            RouteDefinitions.Route defined,
            CamelContext context) {
        String reference = String.valueOf(parameter.getValue());
        RouteDefinitions.Bean own = defined.beans().get(reference.replaceFirst("^#(bean:)?", ""));
        try {
            if (own != null && reference.startsWith("#")) {
                return route.getRouteTemplateContext().getLocalBeanRepository().lookupByName(own.name());
            }
            return reference.startsWith("#class:") ? PropertyBindingSupport.resolveBean(context, reference) : null;
        } catch (Exception e) {
            RouteDefinitions.Bean failed = own != null
                    ? own
                    : new RouteDefinitions.Bean(
                            reference, reference, defined.placeOf(parameter.getKey()), Map.of(), Map.of());
            throw new SettingsException(List.of(BeanProblem.of(failed, e)));
        }
    }

    /** The bean that a parameter names; null if there is none, or no such parameter. */
    private static Object named(Map<String, Object> parameters, String parameter, CamelContext context) {
        String reference = String.valueOf(parameters.get(parameter));
        return reference.startsWith("#")
                ? context.getRegistry().lookupByName(reference.replaceFirst("^#(bean:)?", ""))
                : null;
    }

    /** Camel says of a bean of another type that there is none. */
    private static void expect(Class<?> type, String parameter, RouteDefinitions.Route defined, CamelContext context) {
        Map<String, Object> parameters =
                ((ModelCamelContext) context).getRouteDefinition(defined.id()).getTemplateParameters();
        Object bean = parameters == null ? null : named(parameters, parameter, context);
        if (parameters == null || !parameters.containsKey(parameter) || type.isInstance(bean)) {
            return;
        }
        String reference = String.valueOf(parameters.get(parameter));
        String reason = reference.startsWith("#")
                ? "there is no bean " + reference
                : reference + " is none: the name of a bean begins with #, in quotes";
        throw new SettingsException(List.of("The parameter " + parameter + " of the route " + defined.id() + ", "
                + defined.placeOf(parameter) + ", has to be a bean that is a "
                + type.getName() + ": "
                + (bean == null ? reason : bean.getClass().getName() + " is none") + "."));
    }

    private static String what(RouteDefinitions.Route route) {
        return "The route " + route.id() + " can't be made"
                + (route.template() == null ? "" : " from the template " + route.template());
    }

    /** @throws SettingsException that names the route which can't be made, with file and line */
    void start(Main main) {
        try {
            main.start();
        } catch (FailedToCreateRouteException e) {
            RouteDefinitions.Route route = definitions
                    .route(e.getRouteId())
                    .orElseThrow(() -> new IllegalStateException("A route can't be made.", e));
            expect(RddCallback.class, "job", route, main.getCamelContext());
            expect(RddSource.class, "dataSet", route, main.getCamelContext());
            throw new SettingsException(List.of(
                    problem(what(route), route.place().file(), route.place().line(), e)));
        }
    }

    private String problem(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Matcher matcher = FAILED_BEAN.matcher(String.valueOf(cause.getMessage()));
            if (matcher.matches() && definitions.beans().containsKey(matcher.group(1))) {
                return BeanProblem.of(definitions.beans().get(matcher.group(1)), cause);
            }
        }
        String messages = ExceptionHelper.stackTraceToString(failure);
        Path file = definitions.contents().keySet().stream()
                .filter(candidate -> messages.contains(candidate.toString()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The routes can't be loaded.", failure));
        return problem("A route can't be made", file, 0, failure);
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
        return what + ", " + file + (at > 0 ? ", line " + at : "") + ": " + reason(cause);
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
