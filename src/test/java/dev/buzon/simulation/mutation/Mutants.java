package dev.buzon.simulation.mutation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The service with one fault or another in it. A mutated class is loaded together with those that link to it: the simulation
 * among these. Nothing is written to disk.
 */
final class Mutants {

    private static final Path SOURCES = Path.of("src/main/java/dev/buzon");

    /** Packages that may link to those before them, and to no others here. What is in none of them is never mutated. */
    private static final List<String> PACKAGES =
            List.of("home", "database", "intake", "bizum", "ledger", "delivery", "simulation");

    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

    private static final List<String> OPTIONS =
            List.of("-proc:none", "-nowarn", "-implicit:none", "-classpath", System.getProperty("java.class.path"));

    /** What the compiler makes of the files that a mutation changes, by the names of classes. */
    private final Map<Mutation, Map<String, byte[]>> classes = new HashMap<>();

    private Mutants() {}

    /**
     * Those of different files are compiled together, which takes a fraction of the time: to each other they are as they
     * were.
     *
     * @throws IllegalStateException if a mutation is out of date, or can't be compiled
     */
    static Mutants compile(Collection<Mutation> mutations) throws IOException {
        Mutants mutants = new Mutants();
        List<Mutation> waiting = new ArrayList<>(mutations);
        try (StandardJavaFileManager files = COMPILER.getStandardFileManager(null, null, null)) {
            while (!waiting.isEmpty()) {
                Map<String, Mutation> byFile = new HashMap<>();
                waiting.removeIf(mutation -> {
                    boolean isAlone = Collections.disjoint(byFile.keySet(), mutation.files());
                    if (isAlone) {
                        mutation.files().forEach(file -> byFile.put(file, mutation));
                    }
                    return isAlone;
                });
                mutants.compile(byFile, files);
            }
        }
        return mutants;
    }

    private void compile(Map<String, Mutation> byFile, StandardJavaFileManager files) throws IOException {
        List<Source> sources = new ArrayList<>();
        for (Map.Entry<String, Mutation> file : byFile.entrySet()) {
            sources.add(new Source(file.getKey(), mutated(file.getKey(), file.getValue())));
        }
        Map<String, ByteArrayOutputStream> compiled = new HashMap<>();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        if (!COMPILER.getTask(null, new InMemory(files, compiled), problems, OPTIONS, null, sources)
                .call()) {
            throw new IllegalStateException(
                    "Of the mutations " + byFile.values() + " one can't be compiled: " + problems.getDiagnostics());
        }
        compiled.forEach((name, bytes) -> classes.computeIfAbsent(byFile.get(fileOf(name)), same -> new HashMap<>())
                .put(name, bytes.toByteArray()));
    }

    private static String mutated(String file, Mutation mutation) throws IOException {
        return mutation.applied(file, Files.readAllLines(SOURCES.resolve(file)));
    }

    /** @throws IllegalStateException if a mutation is out of date */
    static void expectUpToDate(Mutation mutation) throws IOException {
        for (String file : mutation.files()) {
            mutated(file, mutation);
        }
    }

    private static String fileOf(String className) {
        return className
                        .replaceFirst("dev\\.buzon\\.", "")
                        .replaceFirst("\\$.*", "")
                        .replace('.', '/') + ".java";
    }

    /** Histories of the service with a fault in it. */
    Histories of(Mutation mutation) throws ReflectiveOperationException {
        return (Histories) new Loader(classes.get(mutation))
                .loadClass("dev.buzon.simulation.PlannedHistories")
                .getConstructor()
                .newInstance();
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String file, String text) {
            super(URI.create("mutated:///dev/buzon/" + file), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {

        private final Map<String, ByteArrayOutputStream> classes;

        InMemory(JavaFileManager read, Map<String, ByteArrayOutputStream> classes) {
            super(read);
            this.classes = classes;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("mutated:///" + name + kind.extension), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    classes.put(name, bytes);
                    return bytes;
                }
            };
        }
    }

    /** Loads mutated classes, and anew all that may link to them; the rest comes from the loader of the tests. */
    private static final class Loader extends ClassLoader {

        private final Map<String, byte[]> mutated;
        private final int lowest;

        Loader(Map<String, byte[]> mutated) {
            super(Mutants.class.getClassLoader());
            this.mutated = mutated;
            this.lowest =
                    mutated.keySet().stream().mapToInt(Loader::place).min().orElseThrow();
            if (lowest < 0) {
                throw new IllegalStateException("No class is known that links to " + mutated.keySet() + ".");
            }
        }

        /** @return negative if the package of a class is never mutated */
        private static int place(String name) {
            return name.matches("dev\\.buzon\\.[a-z]+\\.[^.]+") ? PACKAGES.indexOf(name.split("\\.")[2]) : -1;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (place(name) < lowest) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            byte[] bytes = mutated.get(name);
            if (bytes == null) {
                try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                    if (in == null) {
                        throw new ClassNotFoundException(name);
                    }
                    bytes = in.readAllBytes();
                } catch (IOException e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }
}
