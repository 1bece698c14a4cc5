package dev.buzon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's recipe for a route of one's own, followed to the letter. */
class RecipeTest {

    private static final String HEADING = "## Add a route and a job of your own";

    @TempDir
    private Path folder;

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();
    private TestHome home;

    @AfterEach
    void stop() throws Exception {
        try {
            if (home != null) {
                home.stop();
            }
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static String recipe() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        int begin = readme.indexOf(HEADING);
        return readme.substring(begin, readme.indexOf("\n## ", begin + 1));
    }

    /** The only block of code in a language. */
    private static String code(String language) throws IOException {
        List<MatchResult> blocks = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(recipe())
                .results()
                .toList();
        assertThat(blocks).hasSize(1);
        return blocks.get(0).group(1);
    }

    /** Where the reader is told to put a file of a kind. */
    private static Path place(String extension) throws IOException {
        return Pattern.compile("Put it into\\s+`([^`]+\\." + extension + ")`")
                .matcher(recipe())
                .results()
                .map(match -> Path.of(match.group(1)))
                .findFirst()
                .orElseThrow();
    }

    /** As the build does, warnings are errors. */
    private Path compile(Path name, String source) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, source);
        Path classes = Files.createDirectory(folder.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<String> options = List.of(
                    "-d",
                    classes.toString(),
                    "-classpath",
                    System.getProperty("java.class.path"),
                    "-proc:none",
                    "-Xlint:all,-serial,-classfile,-path",
                    "-Werror",
                    "--release",
                    "17");
            boolean compiled = compiler.getTask(said, files, null, options, null, files.getJavaFileObjects(file))
                    .call();
            assertThat(compiled).as(said.toString()).isTrue();
        }
        return classes;
    }

    @Test
    void tenLinesAndAClassAreARouteThatWorksAtTheFirstTry() throws Exception {
        String yaml = code("yaml");
        assertThat(yaml.lines()).hasSize(10);
        Path classes = compile(place("java"), code("java"));
        RoutesCopy routes = RoutesCopy.in(folder);
        assertThat(place("yaml").getParent()).isEqualTo(Path.of("routes"));
        Files.writeString(folder.resolve(place("yaml")), yaml);
        // A Spark that is there already knows no class of the recipe.
        home = new TestHome(folder.resolve("home"))
                .withOwnSpark()
                .set("buzon.routes", routes.folder().toString())
                .set("buzon.orders.quiet-period", "50ms");

        try (URLClassLoader own = new URLClassLoader(new URL[] {classes.toUri().toURL()}, before)) {
            Thread.currentThread().setContextClassLoader(own);
            home.start();
            home.handle("orders", "first.txt", "one\ntwo\nthree\n");
            home.handle("orders", "last.txt", "one");

            assertThat(home.files("outbox/orders")).hasSize(2);
            for (String name : home.files("outbox/orders")) {
                assertThat(Files.readString(home.path("outbox/orders").resolve(name)))
                        .isEqualTo(name.startsWith("first-") ? "3\n" : "1\n");
            }
        } finally {
            home.stop();
            home = null;
        }
    }

    @Test
    void whatTheRecipePointsToIsThere() throws IOException {
        List<String> links = Pattern.compile("]\\((?!#)([^)]+)\\)")
                .matcher(recipe())
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(links).isNotEmpty().allSatisfy(link -> assertThat(Path.of(link))
                .exists());
    }
}
