package dev.buzon.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buzon.FreePort;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is answered, and with which headers: over plain sockets, since a client would not say what it should not. */
class WebServerTest {

    private int port;
    private WebServer server;

    @BeforeEach
    void start() throws Exception {
        port = FreePort.next();
        server = new WebServer(
                port, Map.of("/api/echo", parameters -> WebServer.Answer.json(200, parameters), "/bad", parameters -> {
                    throw new IllegalArgumentException("limit: a number is expected.");
                }));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String answer(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write((request + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            try (InputStream in = socket.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }

    private String get(String path, String host) throws IOException {
        return answer("GET " + path + " HTTP/1.1\r\nHost: " + host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.1:8099", "localhost", "localhost:1", "[::1]:8099"})
    void answersWhoAsksForThisMachine(String host) throws Exception {
        assertThat(get("/api/echo?name=a%3Cb+c&x", host))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("{\"name\":\"a<b c\",\"x\":\"\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8099",
                "127.0.0.1.evil.example",
                "localhost.evil.example",
                "localhost@evil.example",
                "evil.example#localhost",
                "192.168.0.7",
                "0.0.0.0:8099",
                ""
            })
    void refusesForeignHosts(String host) throws Exception {
        assertThat(get("/api/echo", host)).startsWith("HTTP/1.1 421 ").doesNotContain("{}");
    }

    @Test
    void refusesARequestWithoutAHost() throws Exception {
        assertThat(answer("GET /api/echo HTTP/1.0")).startsWith("HTTP/1.1 421 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
    void changesNothing(String method) throws Exception {
        assertThat(answer(method + " /api/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0"))
                .startsWith("HTTP/1.1 405 ")
                .contains("Allow: GET, HEAD")
                .doesNotContainIgnoringCase("Access-Control-");
    }

    @Test
    void letsNoOtherOriginReadNothingIsKeptAndOnlyItsOwnScriptsRun() throws Exception {
        String answer = answer("GET /api/echo HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example");

        assertThat(answer).doesNotContainIgnoringCase("Access-Control-");
        assertThat(answer.lines().map(line -> line.split(": ", 2)[0].toLowerCase(java.util.Locale.ROOT)))
                .contains("content-security-policy", "cache-control", "x-content-type-options");
        assertThat(answer)
                .containsIgnoringCase("Cache-control: no-store")
                .contains("default-src 'none'; script-src 'self'; style-src 'self'")
                .contains("frame-ancestors 'none'")
                .containsIgnoringCase("Cross-origin-resource-policy: same-origin");
    }

    @Test
    void saysWhatIsWrongWithAQuestion() throws Exception {
        assertThat(get("/bad", "localhost")).startsWith("HTTP/1.1 400 ").contains("a number is expected");
        assertThat(get("/api/echo?x=%ZZ", "localhost")).startsWith("HTTP/1.1 400 ");
        assertThat(get("/../../etc/passwd", "localhost")).startsWith("HTTP/1.1 404 ");
        assertThat(get("/none", "localhost")).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void isNotThereForOtherMachines() throws Exception {
        assertThat(answer("HEAD /api/echo HTTP/1.1\r\nHost: localhost")).startsWith("HTTP/1.1 200 ");
        for (InetAddress address :
                InetAddress.getAllByName(InetAddress.getLocalHost().getHostName())) {
            if (!address.isLoopbackAddress()) {
                assertThat(isOpen(address)).as(address.toString()).isFalse();
            }
        }
    }

    private boolean isOpen(InetAddress address) {
        try (Socket socket = new Socket(address, port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
