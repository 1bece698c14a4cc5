package dev.buzon.home;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.util.TimeUtils;

/**
 * The configuration, read once and immutable: the defaults of {@code application.properties}, then the home's {@code
 * buzon.properties}, then system properties.
 */
public final class Settings {

    private static final String ROUTE = "<route>";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\??(buzon\\.[A-Za-z0-9._-]+)");
    private static final Pattern ROUTE_KEY = Pattern.compile("buzon\\.([A-Za-z0-9_-]+)\\.([a-z0-9-]+)");

    private final Home home;
    private final RouteDefinitions routeDefinitions;
    private final Map<String, String> values;
    private final Map<String, RouteSettings> routes = new TreeMap<>();

    private Settings(Home home, RouteDefinitions routeDefinitions, Map<String, String> values) {
        this.home = home;
        this.routeDefinitions = routeDefinitions;
        this.values = values;
    }

    /**
     * Reads and checks the whole configuration.
     *
     * @param shippedRoutes the routes folder where none is set
     * @throws SettingsException with all that is wrong
     */
    public static Settings read(Home home, Path shippedRoutes, Properties system) {
        home.expectTrust();
        List<String> problems = new ArrayList<>();
        Map<String, String> defaults = new TreeMap<>();
        Map<String, String> routeDefaults = new TreeMap<>();
        load(Settings.class.getResourceAsStream("/application.properties")).forEach((key, value) -> {
            boolean ofEachRoute = key.startsWith("buzon." + ROUTE + ".");
            (ofEachRoute ? routeDefaults : defaults)
                    .put(ofEachRoute ? key.substring(("buzon." + ROUTE + ".").length()) : key, value);
        });

        Map<String, String> given = new TreeMap<>();
        try {
            if (Disk.exists(home.properties())) {
                given.putAll(load(Files.newInputStream(home.properties())));
            }
        } catch (IOException | RuntimeException e) {
            problems.add(home.properties() + ": can't be read: " + FileFailure.inWords(e));
        }
        system.stringPropertyNames().stream()
                .filter(key -> key.startsWith("buzon.") || key.startsWith("spark.") || key.startsWith("camel."))
                .forEach(key -> given.put(key, system.getProperty(key)));

        String routesValue = given.getOrDefault("buzon.routes", "");
        Path routesFolder = routesValue.isEmpty() ? shippedRoutes : home.resolve(routesValue);
        List<Path> routeFiles = routeFiles(routesFolder, problems);
        Trust trust = new Trust();
        if (routesValue.isEmpty()) {
            // Who owns the routes that come with the program owns the program.
            trust.alsoOwnerOf(shippedRoutes);
        }
        trust.expect("The routes folder", routesFolder.toAbsolutePath().normalize());
        routeFiles.forEach(
                file -> trust.expect("The routes", file.toAbsolutePath().normalize()));
        if (!trust.problems().isEmpty()) {
            problems.addAll(trust.problems());
            throw new SettingsException(problems);
        }
        RouteDefinitions definitions = RouteDefinitions.read(
                routeFiles,
                (file, e) -> problems.add("The routes of " + file + " can't be read: " + FileFailure.inWords(e)));
        TreeSet<String> placeholders = placeholders(definitions);
        TreeSet<String> routeNames = new TreeSet<>(definitions.dropFolders());
        for (String key : placeholders) {
            Matcher matcher = ROUTE_KEY.matcher(key);
            if (matcher.matches() && matcher.group(2).equals("inbox")) {
                routeNames.add(matcher.group(1));
            }
        }
        for (String route : routeNames) {
            routeDefaults.forEach((suffix, value) ->
                    defaults.putIfAbsent("buzon." + route + "." + suffix, value.replace(ROUTE, route)));
        }

        TreeSet<String> known = new TreeSet<>(defaults.keySet());
        known.addAll(placeholders);
        known.addAll(definitions.ownKeys());
        given.keySet().stream()
                .filter(key -> key.startsWith("buzon.") && !known.contains(key))
                .forEach(key -> problems.add("Unknown key " + key + Nearest.to(key, known)));

        Map<String, String> values = new TreeMap<>(defaults);
        values.putAll(given);
        Settings settings = new Settings(home, definitions, values);
        TreeSet<String> withMeaning = new TreeSet<>(defaults.keySet());
        definitions.ownKeys().stream().filter(values::containsKey).forEach(withMeaning::add);
        settings.check(routeNames, withMeaning, problems);
        if (!problems.isEmpty()) {
            // They may be the cause of the others.
            problems.addAll(0, definitions.problems());
            throw new SettingsException(problems);
        }
        return settings;
    }

    public Home home() {
        return home;
    }

    /** What the YAML files of the routes folder define. */
    public RouteDefinitions routeDefinitions() {
        return routeDefinitions;
    }

    /** The routes that take files, by name. */
    public Map<String, RouteSettings> routes() {
        return routes;
    }

    /** @throws IllegalArgumentException where the routes folder has no route of this name that takes files */
    public RouteSettings route(String name) {
        return Optional.ofNullable(routes.get(name))
                .orElseThrow(() -> new IllegalArgumentException(
                        "No route " + name + " has an inbox: the template drop-folder, or a placeholder {{buzon." + name
                                + ".inbox}} in its endpoint, gives it one."));
    }

    public String get(String key) {
        return values.get(key);
    }

    public Duration duration(String key) {
        return Duration.ofMillis(TimeUtils.toMilliSeconds(get(key)));
    }

    /** What the routes' placeholders stand for; folders are absolute. */
    public Properties placeholders() {
        Properties properties = new Properties();
        values.forEach((key, value) -> {
            if (key.startsWith("buzon.")) {
                properties.setProperty(key, value);
            }
        });
        routes.forEach((name, route) -> {
            properties.setProperty("buzon." + name + ".inbox", route.inbox().toString());
            properties.setProperty("buzon." + name + ".outbox", route.outbox().toString());
        });
        return properties;
    }

    /** The keys with this prefix, which they keep. */
    public Map<String, String> withPrefix(String prefix) {
        return values.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** @param withMeaning the keys to check; what a user's own placeholders stand for is the user's */
    private void check(TreeSet<String> routeNames, Set<String> withMeaning, List<String> problems) {
        for (String key : withMeaning) {
            String suffix = key.substring(key.lastIndexOf('.') + 1);
            switch (suffix) {
                case "poll-interval",
                        "quiet-period",
                        "delay",
                        "every",
                        "strays-every",
                        "start-timeout",
                        "stop-timeout",
                        "first",
                        "longest",
                        "failing-for",
                        "longest-step",
                        "executor-wait" -> checkDuration(key, problems);
                case "max-files-per-poll",
                        "files-per-job",
                        "max-record-bytes",
                        "max-result-megabytes",
                        "max-result-ratio",
                        "keep-archive-days",
                        "free-megabytes" -> checkNumber(key, problems);
                case "port" -> checkPort(key, problems);
                case "escape-formulas" -> checkBoolean(key, problems);
                default -> {}
            }
        }
        String housekeeping = "buzon.housekeeping.clean-source";
        if (cleanSource(housekeeping, problems) == CleanSource.OFF) {
            problems.add(housekeeping + "=off: archive or delete is expected here.");
        }
        for (String route : routeNames) {
            String prefix = "buzon." + route + ".";
            CleanSource cleanSource = cleanSource(prefix + "clean-source", problems);
            checkDoneFile(prefix + "done-file", problems);
            try {
                routes.put(
                        route,
                        new RouteSettings(
                                route,
                                home.resolve(get(prefix + "inbox")),
                                home.resolve(get(prefix + "outbox")),
                                home.resolve(get(prefix + "archive")),
                                home.resolve(get(prefix + "duplicates")),
                                home.resolve(get(prefix + "rejected")),
                                cleanSource,
                                charset(prefix + "charset", problems),
                                problems.isEmpty() ? duration(prefix + "quiet-period") : Duration.ZERO,
                                problems.isEmpty() ? Integer.parseInt(get(prefix + "max-files-per-poll")) : 0,
                                problems.isEmpty() ? Integer.parseInt(get(prefix + "files-per-job")) : 1,
                                FileSystems.getDefault().getPathMatcher("glob:" + get(prefix + "file-pattern")),
                                get(prefix + "done-file"),
                                problems.isEmpty() ? Long.parseLong(get(prefix + "max-result-megabytes")) : 0,
                                problems.isEmpty() ? Long.parseLong(get(prefix + "max-result-ratio")) : 0));
            } catch (IllegalArgumentException e) {
                problems.add("Route " + route + ": " + e.getMessage());
            }
        }
        if (!home.instance().isEmpty() && get("buzon.ledger.url").isEmpty()) {
            problems.add("Daemons that share a home need a ledger on a server: buzon.ledger.url is empty.");
        }
        if (home.folder().toString().contains("?")) {
            problems.add("The home " + home.folder() + " can't hold a ledger: its path has a ?.");
        }
        routes.values().forEach(route -> {
            if (route.inbox().toString().matches(".*[%?].*")) {
                // Camel reads the folder as part of a URI.
                problems.add("The inbox " + route.inbox() + " can't be watched: its path has a % or a ?.");
            }
        });
        // Home.prepare looks which paths lead to one folder.
        problems.addAll(FolderRules.problems(routes.values(), path -> path));
    }

    private CleanSource cleanSource(String key, List<String> problems) {
        try {
            return CleanSource.valueOf(get(key).toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            problems.add(key + "=" + get(key) + ": archive, delete or off is expected.");
            return CleanSource.ARCHIVE;
        }
    }

    private Optional<Charset> charset(String key, List<String> problems) {
        if (get(key).equals("auto")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Charset.forName(get(key)));
        } catch (IllegalArgumentException e) {
            problems.add(key + "=" + get(key) + ": auto is expected, or a charset that this Java knows, such as UTF-8,"
                    + " windows-1252 or UTF-16LE.");
            return Optional.empty();
        }
    }

    private void checkBoolean(String key, List<String> problems) {
        if (!get(key).matches("true|false")) {
            problems.add(key + "=" + get(key) + ": true or false is expected.");
        }
    }

    private void checkDuration(String key, List<String> problems) {
        try {
            if (!get(key).matches("[0-9].*") || duration(key).isZero() && !key.endsWith(".quiet-period")) {
                throw new IllegalArgumentException();
            }
        } catch (IllegalArgumentException e) {
            problems.add(key + "=" + get(key) + ": a duration is expected, such as 250ms, 10s or 1m.");
        }
    }

    private void checkDoneFile(String key, List<String> problems) {
        if (!get(key).isEmpty() && !get(key).matches("(?!\\*$)[^*/]*\\*[^*/]*")) {
            problems.add(key + "=" + get(key) + ": a name is expected with one * that stands for the file's, as in"
                    + " *.done.");
        }
    }

    private void checkNumber(String key, List<String> problems) {
        if (!get(key).matches("[0-9]{1,9}")) {
            problems.add(key + "=" + get(key) + ": a whole number from 0 to 999999999 is expected.");
        }
    }

    private void checkPort(String key, List<String> problems) {
        if (!get(key).matches("[0-9]{1,5}") || Integer.parseInt(get(key)) > 65_535) {
            problems.add(key + "=" + get(key) + ": a port is expected, from 1 to 65535, or 0 for none.");
        }
    }

    private static Map<String, String> load(java.io.InputStream stream) {
        Properties properties = new Properties();
        try (Reader reader = new java.io.InputStreamReader(stream, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(
                        key -> key, key -> properties.getProperty(key).strip()));
    }

    private static List<Path> routeFiles(Path folder, List<String> problems) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            problems.add("The routes folder " + folder + " can't be read: " + FileFailure.inWords(e));
            return List.of();
        }
    }

    private static TreeSet<String> placeholders(RouteDefinitions definitions) {
        TreeSet<String> found = new TreeSet<>();
        for (byte[] content : definitions.contents().values()) {
            Matcher matcher = PLACEHOLDER.matcher(new String(content, StandardCharsets.UTF_8));
            while (matcher.find()) {
                found.add(matcher.group(1));
            }
        }
        return found;
    }
}
