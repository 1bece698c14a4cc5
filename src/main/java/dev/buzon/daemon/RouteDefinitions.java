package dev.buzon.daemon;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** What the routes' files define under names that all of them share. Camel takes the last of a name, without a word. */
final class RouteDefinitions {

    private static final Pattern INBOX = Pattern.compile("\\{\\{(buzon\\.[^}:]+\\.inbox)[}:]");

    private final Map<String, Bean> beans = new LinkedHashMap<>();
    private final Map<String, String> places = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    /**
     * A bean of a file.
     *
     * @param constructors what is given to its constructor, by position
     * @param properties what is set
     */
    record Bean(String name, Path file, int line, Map<String, String> constructors, Map<String, String> properties) {

        String place() {
            return file + ", line " + line;
        }
    }

    /** Adds a file; one that is no YAML defines nothing, and Camel says why. */
    void add(Path file, String content) {
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
                items(node).forEach(bean -> {
                    Map<String, Node> fields = fields(bean);
                    name(fields.get("name")).ifPresent(name -> {
                        define("The bean " + name, file, bean);
                        beans.put(
                                name,
                                new Bean(
                                        name,
                                        file,
                                        line(bean),
                                        texts(fields.get("constructors")),
                                        texts(fields.get("properties"))));
                    });
                });
            case "route" -> {
                define("The route ", "id", file, node);
                Node from = fields(node).get("from");
                texts(from).forEach((key, value) -> defineInbox(value, file, from));
                texts(fields(from).get("parameters")).forEach((key, value) -> defineInbox(value, file, from));
            }
            case "templatedroute" -> define("The route ", "routeId", file, node);
            case "routeconfiguration" -> define("The route configuration ", "id", file, node);
            case "routetemplate" -> define("The route template ", "id", file, node);
            default -> {}
        }
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
    List<String> problems() {
        return problems;
    }

    /** The beans by name. */
    Map<String, Bean> beans() {
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

    private static Optional<String> name(Node node) {
        return node instanceof ScalarNode scalar ? Optional.of(scalar.getValue()) : Optional.empty();
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }
}
