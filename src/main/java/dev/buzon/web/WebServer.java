package dev.buzon.web;

import dev.buzon.delivery.Failure;
import dev.buzon.home.DaemonThreads;
import dev.buzon.monitor.Json;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers GET on the loopback address, to who asks for this machine by one of its own names: a page from elsewhere that
 * has its name point here is refused. Nothing of it is kept by a browser, nor shown within another page.
 *
 * <p>No thread waits for a client. What may wait for something else is answered by threads of its own, so that the rest
 * is answered at any time.
 */
final class WebServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);

    private static final int THREADS = 3;
    private static final Duration ANSWER_TIME = Duration.ofSeconds(5);
    /** How many clients may be about to connect, and how many questions may wait. */
    private static final int WAITING = 1_000;
    /** In bytes. Browsers send the cookies of all ports of this machine. */
    private static final int LONGEST_LINE = 8 << 10;

    private static final int LONGEST_HEAD = 32 << 10;
    private static final int STOP_SECONDS = 2;

    private static final Pattern OWN_NAME = Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:[0-9]{1,5})?");

    private final Map<String, Resource> resources;
    private final ThreadFactory daemons = DaemonThreads.named("web");
    private final ExecutorService prompt = threads();
    private final ExecutorService patient = threads();
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, daemons, NioIoHandler.newFactory());
    private final Connections connections = new Connections();
    private final Channel channel;

    /** Something to be had under a path, at once. */
    @FunctionalInterface
    interface Resource {
        /**
         * @param parameters of the query, by name
         * @throws IllegalArgumentException if a parameter is not understood
         * @throws UnansweredException if what it asks doesn't answer
         */
        Answer get(Map<String, String> parameters) throws Exception;
    }

    /** A resource that may have to wait for the ledger or a disk. */
    private record SlowResource(Resource resource) implements Resource {
        @Override
        public Answer get(Map<String, String> parameters) throws Exception {
            return resource.get(parameters);
        }
    }

    /** What is sent. */
    record Answer(int status, String type, byte[] body) {

        static Answer json(int status, Object value) {
            return new Answer(status, "application/json", Json.write(value).getBytes(StandardCharsets.UTF_8));
        }

        static Answer error(int status, String message) {
            return json(status, Map.of("error", message));
        }
    }

    /**
     * @param port 0 for any that is free
     * @throws IOException if it is taken
     */
    WebServer(int port, Map<String, Resource> resources) throws IOException {
        this(port, resources, ANSWER_TIME);
    }

    /** @param answerTime after which a question without an answer is told so */
    WebServer(int port, Map<String, Resource> resources, Duration answerTime) throws IOException {
        this.resources = resources;
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, WAITING)
                // Who has said all may still want to hear the answer.
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel client) {
                        client.pipeline()
                                .addLast(new HttpServerCodec(LONGEST_LINE, LONGEST_HEAD, LONGEST_LINE))
                                .addLast(new Connection(connections, WebServer.this::answer, answerTime));
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port))
                .awaitUninterruptibly();
        channel = bound.channel();
        if (!bound.isSuccess()) {
            close();
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
    }

    /** Has a resource answered apart from those that answer at once. */
    static Resource slow(Resource resource) {
        return new SlowResource(resource);
    }

    private ExecutorService threads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS, THREADS, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(WAITING), daemons);
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Called by the thread that reads all connections. */
    private void answer(HttpRequest request, Connection connection) {
        if (request.decoderResult().isFailure()) {
            connection.send(Answer.error(400, "The request is not understood."));
            return;
        }
        String host = request.headers().get(HttpHeaderNames.HOST);
        if (host == null || !OWN_NAME.matcher(host).matches()) {
            connection.send(Answer.error(421, "This is 127.0.0.1, and no other host."));
            return;
        }
        if (!request.method().name().matches("GET|HEAD")) {
            connection.send(Answer.error(405, "Only GET and HEAD are answered."));
            return;
        }
        URI uri;
        try {
            uri = URI.create(request.uri());
        } catch (IllegalArgumentException e) {
            connection.send(Answer.error(400, "The address is not understood."));
            return;
        }
        Resource resource = resources.get(uri.getPath());
        if (resource == null) {
            connection.send(Answer.error(404, "There is nothing under this path."));
            return;
        }
        ExecutorService threads = resource instanceof SlowResource ? patient : prompt;
        threads.execute(() -> {
            if (connection.waits()) {
                connection.answered(ask(resource, uri));
            }
        });
    }

    private static Answer ask(Resource resource, URI uri) {
        try {
            return resource.get(parameters(uri.getRawQuery()));
        } catch (IllegalArgumentException e) {
            return Answer.error(400, e.getMessage());
        } catch (UnansweredException e) {
            return Answer.error(503, e.getMessage());
        } catch (Exception e) {
            LOG.warn(
                    "The page's {} can't be answered: {}",
                    uri.getPath(),
                    Failure.reason(e),
                    Failure.isBug(e) ? e : null);
            return Answer.error(500, "It can't be told just now.");
        }
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
        channel.close().awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
        loop.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
        prompt.shutdownNow();
        patient.shutdownNow();
    }
}
