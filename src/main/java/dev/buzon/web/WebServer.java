package dev.buzon.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.buzon.monitor.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers GET on the loopback address, to who asks for this machine by one of its own names: a page from elsewhere that
 * has its name point here is refused. Nothing of it is kept by a browser, nor shown within another page.
 */
final class WebServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);

    private static final int THREADS = 3;
    private static final Pattern OWN_NAME = Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:[0-9]{1,5})?");
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    static {
        // Of the JDK's server, which would wait for a client without an end. In seconds.
        System.getProperties().putIfAbsent("sun.net.httpserver.maxReqTime", "10");
        System.getProperties().putIfAbsent("sun.net.httpserver.maxRspTime", "30");
    }

    private final Map<String, Resource> resources;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, work -> {
        Thread thread = new Thread(work, "web");
        thread.setDaemon(true);
        return thread;
    });

    /** Something to be had under a path. */
    @FunctionalInterface
    interface Resource {
        /**
         * @param parameters of the query, by name
         * @throws IllegalArgumentException where a parameter is not understood
         */
        Answer get(Map<String, String> parameters) throws Exception;
    }

    /** What is sent. */
    record Answer(int status, String type, byte[] body) {

        static Answer json(int status, Object value) {
            return new Answer(status, "application/json", Json.write(value).getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * @param port 0 for any that is free
     * @throws IOException where it is taken
     */
    WebServer(int port, Map<String, Resource> resources) throws IOException {
        this.resources = resources;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = answer(exchange);
            Headers headers = exchange.getResponseHeaders();
            headers.set("Content-Type", answer.type());
            headers.set("Cache-Control", "no-store");
            headers.set("Content-Security-Policy", POLICY);
            headers.set("Cross-Origin-Resource-Policy", "same-origin");
            headers.set("Referrer-Policy", "no-referrer");
            headers.set("X-Content-Type-Options", "nosniff");
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(answer.status(), head ? -1 : answer.body().length);
            if (!head) {
                exchange.getResponseBody().write(answer.body());
            }
        }
    }

    private Answer answer(HttpExchange exchange) {
        String host = exchange.getRequestHeaders().getFirst("Host");
        if (host == null || !OWN_NAME.matcher(host).matches()) {
            return error(421, "This is 127.0.0.1, and no other host.");
        }
        if (!exchange.getRequestMethod().matches("GET|HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            return error(405, "Only GET and HEAD are answered.");
        }
        Resource resource = resources.get(exchange.getRequestURI().getPath());
        if (resource == null) {
            return error(404, "There is nothing under this path.");
        }
        try {
            return resource.get(parameters(exchange.getRequestURI().getRawQuery()));
        } catch (IllegalArgumentException e) {
            return error(400, e.getMessage());
        } catch (Exception e) {
            LOG.warn(
                    "The page's {} can't be answered: {}",
                    exchange.getRequestURI().getPath(),
                    e.toString());
            return error(500, "It can't be told just now.");
        }
    }

    private static Answer error(int status, String message) {
        return Answer.json(status, Map.of("error", message));
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query == null ? new String[0] : query.split("&")) {
            String[] parts = pair.split("=", 2);
            parameters.put(decoded(parts[0]), parts.length == 1 ? "" : decoded(parts[1]));
        }
        return parameters;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
