package dev.buzon.home;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.camel.util.StringHelper;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** What is in YAML, with its lines. What is not of the expected kind, or is not there at all, is empty. */
final class YamlNodes {

    private YamlNodes() {}

    /**
     * The entries of all documents that are lists.
     *
     * @throws YamlEngineException if it is no YAML
     */
    static List<Node> entries(String content) {
        List<Node> entries = new ArrayList<>();
        new Compose(LoadSettings.builder().build())
                .composeAllFromString(content)
                .forEach(document -> entries.addAll(items(document)));
        return entries;
    }

    /** What is wrong with a file, after its name. */
    static String reason(YamlEngineException failure) {
        if (failure instanceof MarkedYamlEngineException marked
                && marked.getProblemMark().isPresent()) {
            return ", line " + (marked.getProblemMark().get().getLine() + 1) + ", are no YAML: " + marked.getProblem();
        }
        return " are no YAML: " + String.valueOf(failure.getMessage()).replaceAll("\\s+", " ");
    }

    static List<Node> items(Node node) {
        return node instanceof SequenceNode sequence ? sequence.getValue() : List.of();
    }

    /** By name, in camel case: Camel takes names with hyphens, too. */
    static Map<String, Node> fields(Node node) {
        Map<String, Node> fields = new LinkedHashMap<>();
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                text(tuple.getKeyNode())
                        .ifPresent(key -> fields.put(StringHelper.dashToCamelCase(key), tuple.getValueNode()));
            }
        }
        return fields;
    }

    /** The fields that are no lists or maps. */
    static Map<String, String> texts(Node node) {
        Map<String, String> texts = new LinkedHashMap<>();
        fields(node).forEach((key, value) -> text(value).ifPresent(text -> texts.put(key, text)));
        return texts;
    }

    static Optional<String> text(Node node) {
        return node instanceof ScalarNode scalar ? Optional.of(scalar.getValue()) : Optional.empty();
    }

    /** Visits a node and all that is in it. */
    static void visit(Node node, Consumer<Node> visitor) {
        visitor.accept(node);
        items(node).forEach(item -> visit(item, visitor));
        fields(node).values().forEach(field -> visit(field, visitor));
    }

    /** The first is 1. */
    static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }
}
