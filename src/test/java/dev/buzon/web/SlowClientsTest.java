package dev.buzon.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.buzon.FreePort;
import dev.buzon.web.WebServer.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever else is connected, and however slow, a question is answered. */
class SlowClientsTest {

    /** The server keeps a hundred connections at most. */
    private static final int CLIENTS = 300;
    /** Each of them costs the server a copy of its large answer. */
    private static final int CLIENTS_OF_LARGE_ANSWERS = 120;

    private static final int QUESTIONS = 10;
    /** A server that waits for a slow client waits for longer: ten seconds for a question. */
    private static final int PATIENCE_MILLIS = 9_000;
    /** And thirty until an answer is taken. A busy machine needs some of them for the copies of the large ones. */
    private static final int PATIENCE_WITH_LARGE_ANSWERS_MILLIS = 29_000;

    private static final Duration ANSWER_TIME = Duration.ofMillis(500);
    private static final String GET = "GET /health HTTP/1.1\r\nHost: localhost\r\n";

    private final List<Socket> slow = new ArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private int patienceMillis = PATIENCE_MILLIS;
    private int port;
    private WebServer server;

    @BeforeEach
    void start() throws Exception {
        port = FreePort.next();
        byte[] large = new byte[8 << 20];
        server = new WebServer(
                port,
                Map.of(
                        "/health", parameters -> Answer.json(200, "UP"),
                        "/large", parameters -> new Answer(200, "text/plain", large),
                        "/stuck",
                                WebServer.slow(parameters -> {
                                    never.await();
                                    return Answer.json(200, "at last");
                                })),
                ANSWER_TIME);
    }

    @AfterEach
    void stop() throws IOException {
        never.countDown();
        for (Socket socket : slow) {
            socket.close();
        }
        server.close();
    }

    private Socket send(String text) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(patienceMillis);
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private static String answer(Socket socket) throws IOException {
        try (socket;
                InputStream in = socket.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void isAnswered(String beginning) throws IOException {
        isAnswered(beginning, CLIENTS);
    }

    private void isAnswered(String beginning, int clients) throws IOException {
        for (int client = 0; client < clients; client++) {
            slow.add(send(beginning));
        }
        for (int question = 0; question < QUESTIONS; question++) {
            assertThat(answer(send(GET + "Connection: close\r\n\r\n")))
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("\"UP\"");
            slow.add(send(beginning));
        }
    }

    @Test
    void thoseThatDripTheirQuestionHoldNobodyUp() throws Exception {
        isAnswered(GET);
    }

    @Test
    void thoseThatSayNothingHoldNobodyUp() throws Exception {
        isAnswered("");
    }

    @Test
    void thoseThatNeverReadTheirAnswerHoldNobodyUp() throws Exception {
        patienceMillis = PATIENCE_WITH_LARGE_ANSWERS_MILLIS;
        isAnswered("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n", CLIENTS_OF_LARGE_ANSWERS);
    }

    @Test
    void thoseWhoseQuestionHasNoAnswerHoldNobodyUp() throws Exception {
        isAnswered("GET /stuck HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    @Test
    void aQuestionWithoutAnAnswerIsToldSo() throws Exception {
        assertThat(answer(send("GET /stuck HTTP/1.1\r\nHost: localhost\r\n\r\n")))
                .startsWith("HTTP/1.1 503 ")
                .contains("It can't be told just now.");
    }

    @Test
    void aLargeAnswerArrivesWhole() throws Exception {
        assertThat(answer(send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")))
                .hasSizeGreaterThan(8 << 20);
    }

    @Test
    void whoHasSaidAllBeforeTheAnswerIsAnswered() throws Exception {
        Socket half = send(GET + "\r\n");
        half.shutdownOutput();

        assertThat(answer(half)).startsWith("HTTP/1.1 200 ").endsWith("\"UP\"");
    }

    @Test
    void aHeadWithoutAnEndIsRefused() throws Exception {
        assertThat(answer(send(GET + "X: " + "x".repeat(100_000) + "\r\n\r\n"))).startsWith("HTTP/1.1 4");
    }
}
