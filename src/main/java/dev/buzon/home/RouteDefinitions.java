package dev.buzon.home;

import static dev.buzon.home.YamlNodes.fields;
import static dev.buzon.home.YamlNodes.items;
import static dev.buzon.home.YamlNodes.text;
import static dev.buzon.home.YamlNodes.texts;
import static dev.buzon.home.YamlNodes.visit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.util.StringHelper;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** What the files of the routes folder define. Camel takes the last of a name, without a word. Immutable once read. */
public final class RouteDefinitions {

    private static final Pattern INBOX = Pattern.compile("\\{\\{(buzon\\.[^}:]+\\.inbox)[}:]");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern REFERENCE = Pattern.compile("#(?:bean:)?([\\w.-]+)");
    /** A key of whichever route it is. */
    private static final Pattern OWN_KEY = Pattern.compile("\\{\\{\\??buzon\\.\\{\\{route}}\\.([A-Za-z0-9_-]+)");

    private final Map<Path, byte[]> contents = new LinkedHashMap<>();
    private final Map<String, Template> templates = new TreeMap<>();
    private final Map<String, Route> routes = new TreeMap<>();
    private final Map<String, Bean> beans = new LinkedHashMap<>();
    private final List<Reference> references = new ArrayList<>();
    /** Where each thing is defined, by what it is called in a message. */
    private final Map<String, Place> defined = new HashMap<>();

    private final List<String> problems = new ArrayList<>();

    /** A line of a file, the first is 1. */
    public record Place(Path file, int line) {

        private static Place of(Path file, Node node) {
            return new Place(file, YamlNodes.line(node));
        }

        @Override
        public String toString() {
            return file + ", line " + line;
        }
    }

    /**
     * A bean of a file.
     *
     * @param constructors what is given to its constructor, by position
     * @param properties what is set
     */
    public record Bean(
            String name, String type, Place place, Map<String, String> constructors, Map<String, String> properties) {

        private static Bean of(Path file, Node node) {
            Map<String, Node> fields = fields(node);
            return new Bean(
                    text(fields.get("name")).orElse(""),
                    text(fields.get("type")).orElse(""),
                    Place.of(file, node),
                    texts(fields.get("constructors")),
                    texts(fields.get("properties")));
        }
    }

    /**
     * A route.
     *
     * @param template that it is made from; null if it is written out
     * @param parameters where each that it gives to its template stands, by name
     * @param beans its own, by name
     * @param keys the last parts of those that it asks for as its own
     */
    public record Route(
            String id,
            Place place,
            String template,
            Map<String, Place> parameters,
            Map<String, Bean> beans,
            Set<String> keys) {

        /** Where the route gives its template a parameter; its own place if it does not. */
        public Place placeOf(String parameter) {
            return parameters.getOrDefault(parameter, place);
        }
    }

    /**
     * A template of routes.
     *
     * @param parameters whether each has to be given, by name
     * @param hasInbox whether routes that are made from it take files from inboxes of their own
     */
    private record Template(Map<String, Boolean> parameters, boolean hasInbox, Set<String> keys) {}

    /**
     * A word that names a bean which is defined elsewhere.
     *
     * @param method of the bean that a step calls; null if it is no step
     */
    public record Reference(String bean, String method, Place place) {}

    private RouteDefinitions() {}

    /** @param unreadable is told of each file that can't be read, and why */
    public static RouteDefinitions read(List<Path> files, BiConsumer<Path, IOException> unreadable) {
        RouteDefinitions definitions = new RouteDefinitions();
        for (Path file : files) {
            try {
                byte[] content = Files.readAllBytes(file);
                definitions.contents.put(file, content);
                for (Node entry : YamlNodes.entries(new String(content, StandardCharsets.UTF_8))) {
                    fields(entry).forEach((what, node) -> definitions.add(file, what, node));
                    visit(entry, node -> definitions.addReference(file, node));
                }
            } catch (IOException e) {
                unreadable.accept(file, e);
            } catch (YamlEngineException e) {
                definitions.problems.add("The routes of " + file + YamlNodes.reason(e));
            }
        }
        definitions.routes.values().forEach(definitions::checkTemplateOf);
        return definitions;
    }

    /** What is in each file. */
    public Map<Path, byte[]> contents() {
        return contents;
    }

    /** All that can't be meant so, a line each. */
    public List<String> problems() {
        return problems;
    }

    /** Empty if no file defines it. */
    public Optional<Route> route(String id) {
        return Optional.ofNullable(routes.get(id));
    }

    /** Those that are for all routes, by name. */
    public Map<String, Bean> beans() {
        return beans;
    }

    /** Those, and the routes' own. */
    public Stream<Bean> allBeans() {
        return Stream.concat(
                beans.values().stream(), routes.values().stream().flatMap(route -> route.beans.values().stream()));
    }

    /** All words that name beans. */
    public List<Reference> references() {
        return references;
    }

    /** The ids of the routes that are made from a template of routes with inboxes, or from one that is not there. */
    Set<String> dropFolders() {
        return routes.values().stream()
                .filter(route -> route.template != null)
                .filter(route -> !templates.containsKey(route.template) || templates.get(route.template).hasInbox)
                .map(Route::id)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The keys that routes which are made from templates ask for as {@code {{buzon.{{route}}.…}}}. */
    Set<String> ownKeys() {
        Set<String> keys = new TreeSet<>();
        for (Route route : routes.values()) {
            Set<String> own = new TreeSet<>(route.keys);
            if (route.template != null && templates.containsKey(route.template)) {
                own.addAll(templates.get(route.template).keys);
            }
            own.forEach(key -> keys.add("buzon." + route.id + "." + key));
        }
        return keys;
    }

    private void add(Path file, String what, Node node) {
        switch (what.toLowerCase(Locale.ROOT)) {
            case "beans" ->
                items(node).forEach(item -> {
                    Bean bean = Bean.of(file, item);
                    define("The bean ", fields(item).get("name"), file);
                    beans.put(bean.name, bean);
                });
            case "route" -> {
                Node from = fields(node).get("from");
                texts(from).values().forEach(value -> defineInbox(value, file, from));
                texts(fields(from).get("parameters")).values().forEach(value -> defineInbox(value, file, from));
                addRoute(fields(node).get("id"), null, file, node);
            }
            case "templatedroute" -> {
                Node id = fields(node).get("routeId");
                String template = text(fields(node).get("routeTemplateRef")).orElse("");
                if (!NAME.matcher(text(id).orElse("")).matches()) {
                    problems.add("The route of the template " + template + ", "
                            + Place.of(file, id == null ? node : id) + ", needs a routeId of letters, digits, - and _:"
                            + " its keys and its folders are called by it.");
                }
                addRoute(id, template, file, node);
            }
            case "routeconfiguration" ->
                define("The route configuration ", fields(node).get("id"), file);
            case "routetemplate" -> {
                define("The route template ", fields(node).get("id"), file);
                text(fields(node).get("id")).ifPresent(id -> templates.put(id, template(node)));
            }
            default -> {}
        }
    }

    private void addRoute(Node id, String template, Path file, Node node) {
        define("The route ", id, file);
        text(id).ifPresent(name -> {
            Map<String, Place> parameters = new LinkedHashMap<>();
            for (Node parameter : items(fields(node).get("parameters"))) {
                text(fields(parameter).get("name"))
                        .ifPresent(key -> parameters.put(StringHelper.dashToCamelCase(key), Place.of(file, parameter)));
            }
            Map<String, Bean> own = new LinkedHashMap<>();
            if (template != null) {
                items(fields(node).get("beans")).stream()
                        .map(bean -> Bean.of(file, bean))
                        .forEach(bean -> own.put(bean.name, bean));
            }
            routes.put(name, new Route(name, Place.of(file, id), template, parameters, own, ownKeys(node)));
        });
    }

    private static Template template(Node node) {
        Map<String, Boolean> parameters = new TreeMap<>();
        for (Node parameter : items(fields(node).get("parameters"))) {
            Map<String, String> fields = texts(parameter);
            boolean optional = fields.containsKey("defaultValue") || "false".equals(fields.get("required"));
            parameters.put(StringHelper.dashToCamelCase(fields.getOrDefault("name", "")), !optional);
        }
        Set<String> keys = ownKeys(node);
        return new Template(parameters, keys.contains("inbox"), keys);
    }

    private static Set<String> ownKeys(Node node) {
        Set<String> keys = new TreeSet<>();
        visit(node, each -> text(each)
                .ifPresent(text -> OWN_KEY.matcher(text).results().forEach(result -> keys.add(result.group(1)))));
        return keys;
    }

    private void addReference(Path file, Node node) {
        Map<String, String> step = texts(node);
        if (step.containsKey("ref")) {
            references.add(new Reference(step.get("ref"), step.get("method"), Place.of(file, node)));
        }
        Matcher matcher = REFERENCE.matcher(text(node).orElse(""));
        if (matcher.matches()) {
            references.add(new Reference(matcher.group(1), null, Place.of(file, node)));
        }
    }

    private void defineInbox(String value, Path file, Node from) {
        Matcher matcher = INBOX.matcher(value);
        if (matcher.find()) {
            define("The inbox {{" + matcher.group(1) + "}} of a route", Place.of(file, from));
        }
    }

    /** @param name null if it has none */
    private void define(String kind, Node name, Path file) {
        text(name).ifPresent(text -> define(kind + text, Place.of(file, name)));
    }

    private void define(String what, Place place) {
        Place before = defined.putIfAbsent(what, place);
        if (before != null) {
            problems.add(what + " is defined twice, in " + before + " and in " + place
                    + ": one would take the place of the other. Change one of them.");
        }
    }

    /** Camel takes parameters that no template has, and says of the others where the template is. */
    private void checkTemplateOf(Route route) {
        if (route.template == null) {
            return;
        }
        String which = "The route " + route.id + ", " + route.place;
        Template template = templates.get(route.template);
        if (template == null) {
            problems.add(
                    route.template.isEmpty()
                            ? which + ", names no template: it needs a routeTemplateRef."
                            : which + ", is made from the template " + route.template + ", which no file defines"
                                    + Nearest.to(route.template, templates.keySet()));
            return;
        }
        route.parameters.forEach((name, place) -> {
            if (!template.parameters.containsKey(name)) {
                problems.add("The route " + route.id + " gives the parameter " + name + ", " + place
                        + ", which the template " + route.template + " does not have"
                        + Nearest.to(name, template.parameters.keySet()));
            }
        });
        template.parameters.forEach((name, required) -> {
            if (required && !route.parameters.containsKey(name)) {
                problems.add(which + ", lacks the parameter " + name + " of the template " + route.template
                        + ": under parameters, it needs a \"- name: " + name + "\" with a \"value: …\".");
            }
        });
    }
}
