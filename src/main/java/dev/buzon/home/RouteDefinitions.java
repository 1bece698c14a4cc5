package dev.buzon.home;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** What the files of the routes folder define. Camel takes the last of a name, without a word. Immutable once read. */
public final class RouteDefinitions {

    private static final Pattern INBOX = Pattern.compile("\\{\\{(buzon\\.[^}:]+\\.inbox)[}:]");

    /** In a template, what has the inbox of whichever route is made from it. */
    private static final String TEMPLATE_INBOX = "{{buzon.{{route}}.inbox}}";

    private final Map<Path, byte[]> contents = new LinkedHashMap<>();
    /** The templates of drop folders. */
    private final Set<String> templates = new HashSet<>();
    /** Where each route is defined, by its id. */
    private final Map<String, Place> routePlaces = new HashMap<>();
    /** The templates that routes are made from, by the ids of the routes. */
    private final Map<String, String> templated = new TreeMap<>();

    private final Map<String, Bean> beans = new LinkedHashMap<>();
    private final Map<String, String> places = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    /** A line of a file, the first is 1. */
    public record Place(Path file, int line) {}

    /**
     * A bean of a file.
     *
     * @param constructors what is given to its constructor, by position
     * @param properties what is set
     */
    public record Bean(
            String name,
            String type,
            Path file,
            int line,
            Map<String, String> constructors,
            Map<String, String> properties) {

        public String place() {
            return file + ", line " + line;
        }
    }

    private RouteDefinitions() {}

    /** @param unreadable is told of each file that can't be read, and why */
    public static RouteDefinitions read(List<Path> files, BiConsumer<Path, IOException> unreadable) {
        RouteDefinitions definitions = new RouteDefinitions();
        for (Path file : files) {
            try {
                byte[] content = Files.readAllBytes(file);
                definitions.contents.put(file, content);
                definitions.add(file, new String(content, StandardCharsets.UTF_8));
            } catch (IOException e) {
                unreadable.accept(file, e);
            }
        }
        return definitions;
    }

    /** What is in each file. */
    public Map<Path, byte[]> contents() {
        return contents;
    }

    /** The ids of the routes that are made from a template of drop folders. */
    Set<String> dropFolders() {
        return templated.entrySet().stream()
                .filter(route -> templates.contains(route.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Adds a file; one that is no YAML defines nothing, and Camel says why. */
    private void add(Path file, String content) {
        try {
            for (Node document : new Compose(LoadSettings.builder().build()).composeAllFromString(content)) {
                for (Node entry : items(document)) {
                    fields(entry).forEach((what, node) -> add(file, what, node));
                }
            }
        } catch (YamlEngineException e) {
            // What was read of it until then counts all the same.
        }
    }

    private void add(Path file, String what, Node node) {
        switch (what.replace("-", "").toLowerCase(Locale.ROOT)) {
            case "beans" ->
                items(node).forEach(bean -> bean(file, bean).ifPresent(defined -> {
                    define("The bean " + defined.name, file, bean);
                    beans.put(defined.name, defined);
                }));
            case "route" -> {
                define("The route ", "id", file, node);
                name(fields(node).get("id")).ifPresent(id -> routePlaces.put(id, new Place(file, line(node))));
                Node from = fields(node).get("from");
                texts(from).forEach((key, value) -> defineInbox(value, file, from));
                texts(fields(from).get("parameters")).forEach((key, value) -> defineInbox(value, file, from));
            }
            case "templatedroute" -> {
                define("The route ", "routeId", file, node);
                Map<String, String> fields = texts(node);
                if (fields.containsKey("routeId")) {
                    routePlaces.put(fields.get("routeId"), new Place(file, line(node)));
                    items(fields(node).get("beans")).forEach(bean -> bean(file, bean)
                            .ifPresent(own -> beans.put(fields.get("routeId") + "." + own.name, own)));
                    templated.put(fields.get("routeId"), fields.get("routeTemplateRef"));
                }
            }
            case "routeconfiguration" -> define("The route configuration ", "id", file, node);
            case "routetemplate" -> {
                define("The route template ", "id", file, node);
                if (hasText(node, TEMPLATE_INBOX)) {
                    name(fields(node).get("id")).ifPresent(templates::add);
                }
            }
            default -> {}
        }
    }

    private static Optional<Bean> bean(Path file, Node node) {
        Map<String, Node> fields = fields(node);
        return name(fields.get("name"))
                .map(name -> new Bean(
                        name,
                        name(fields.get("type")).orElse(""),
                        file,
                        line(node),
                        texts(fields.get("constructors")),
                        texts(fields.get("properties"))));
    }

    private void define(String kind, String key, Path file, Node node) {
        name(fields(node).get(key)).ifPresent(name -> define(kind + name, file, node));
    }

    private void defineInbox(String value, Path file, Node from) {
        Matcher matcher = INBOX.matcher(value);
        if (matcher.find()) {
            define("The inbox {{" + matcher.group(1) + "}} of a route", file, from);
        }
    }

    private void define(String what, Path file, Node node) {
        String place = file + ", line " + line(node);
        String before = places.putIfAbsent(what, place);
        if (before != null) {
            problems.add(what + " is there twice, in " + before + " and in " + place
                    + ": one would take the place of the other. Change one of them.");
        }
    }

    /** All that is defined twice, a line each. */
    public List<String> problems() {
        return problems;
    }

    /** Where a route is defined; empty if no file names it. */
    public Optional<Place> place(String route) {
        return Optional.ofNullable(routePlaces.get(route));
    }

    /** The beans by name; those of a route that is made from a template by its id, a dot and their name. */
    public Map<String, Bean> beans() {
        return beans;
    }

    private static List<Node> items(Node node) {
        return node instanceof SequenceNode sequence ? sequence.getValue() : List.of();
    }

    private static Map<String, Node> fields(Node node) {
        Map<String, Node> fields = new LinkedHashMap<>();
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                name(tuple.getKeyNode()).ifPresent(key -> fields.put(key, tuple.getValueNode()));
            }
        }
        return fields;
    }

    /** The fields that are no lists or maps. */
    private static Map<String, String> texts(Node node) {
        Map<String, String> texts = new LinkedHashMap<>();
        fields(node).forEach((key, value) -> name(value).ifPresent(text -> texts.put(key, text)));
        return texts;
    }

    private static boolean hasText(Node node, String text) {
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue().stream().anyMatch(item -> hasText(item, text));
        }
        return node instanceof ScalarNode scalar
                ? scalar.getValue().contains(text)
                : fields(node).values().stream().anyMatch(field -> hasText(field, text));
    }

    private static Optional<String> name(Node node) {
        return node instanceof ScalarNode scalar ? Optional.of(scalar.getValue()) : Optional.empty();
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }
}
