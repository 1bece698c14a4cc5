package dev.buzon.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SparkDocumentationTest {

    @Test
    void theTablesOfTheDocsAreThoseOfTheGeneratedCatalogue() throws IOException {
        JsonNode catalogue = new ObjectMapper()
                .readTree(Path.of("src/generated/resources/META-INF/dev/buzon/spark/spark.json")
                        .toFile());
        List<String> expected = new ArrayList<>();
        for (String part : List.of("componentProperties", "headers", "properties")) {
            catalogue.get(part).properties().forEach(field -> {
                String description = field.getValue().get("description").asText();
                if (!field.getValue().path("deprecated").asBoolean()) {
                    String value = field.getValue().path("defaultValue").asText("");
                    expected.add("| `%s` | %s | %s |"
                            .formatted(field.getKey(), value.isEmpty() ? "" : "`" + value + "`", description));
                }
            });
        }

        List<String> rows = Files.readAllLines(Path.of("src/main/java/dev/buzon/spark/README.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .toList();

        assertThat(rows).containsExactlyElementsOf(expected);
    }
}
