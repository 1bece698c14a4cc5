package dev.buzon.web;

import dev.buzon.web.WebServer.Answer;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * A client with one question, of which the head alone is read. Each step has its time: once it is over, the
 * connection is closed, and a question without an answer is told so. Used by the thread that reads it, but for {@link #waits} and
 * {@link #answered}.
 */
final class Connection extends SimpleChannelInboundHandler<HttpObject> {

    /** For the client to ask, and to take its answer. */
    private static final Duration ASK = Duration.ofSeconds(10);

    private static final Duration TAKE = Duration.ofSeconds(30);
    /** A client may still send what nobody reads. If the connection closed at once, it could miss the answer's end. */
    private static final Duration LEAVE = Duration.ofSeconds(1);

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private enum State {
        ASKS,
        WAITS,
        TAKES,
        LEAVES
    }

    private final Connections connections;
    private final BiConsumer<HttpRequest, Connection> questions;
    private final Duration answerTime;
    private volatile State state = State.ASKS;
    private ChannelHandlerContext context;

    /**
     * @param questions takes the one question; it must not wait
     * @param answerTime how long the answer may take
     */
    Connection(Connections connections, BiConsumer<HttpRequest, Connection> questions, Duration answerTime) {
        this.answerTime = answerTime;
        this.connections = connections;
        this.questions = questions;
    }

    /** Whether it waits for its answer. */
    boolean waits() {
        return state == State.WAITS;
    }

    void close() {
        context.close();
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        context = active;
        connections.add(this);
        within(ASK, State.ASKS, this::close);
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        connections.remove(this);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext same, HttpObject read) {
        if (state != State.ASKS || !(read instanceof HttpRequest request)) {
            return;
        }
        state = State.WAITS;
        within(answerTime, State.WAITS, () -> send(Answer.error(503, "It can't be told just now.")));
        try {
            questions.accept(request, this);
        } catch (RejectedExecutionException e) {
            send(Answer.error(503, "Too much is asked for at once."));
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext same, Object event) {
        if (event instanceof ChannelInputShutdownEvent && (state == State.ASKS || state == State.LEAVES)) {
            close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext same, Throwable cause) {
        // The client is gone.
        close();
    }

    /** Called by any thread. */
    void answered(Answer answer) {
        context.executor().execute(() -> send(answer));
    }

    /** Not where it had its answer before, or is closed. */
    void send(Answer answer) {
        if (state != State.WAITS) {
            return;
        }
        state = State.TAKES;
        within(TAKE, State.TAKES, this::close);
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(answer.status()),
                Unpooled.wrappedBuffer(answer.body()));
        HttpHeaders headers = response.headers();
        headers.set("Content-Type", answer.type());
        headers.set("Content-Length", answer.body().length);
        headers.set("Connection", "close");
        headers.set("Cache-Control", "no-store");
        headers.set("Content-Security-Policy", POLICY);
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("X-Content-Type-Options", "nosniff");
        if (answer.status() == HttpResponseStatus.METHOD_NOT_ALLOWED.code()) {
            headers.set("Allow", "GET, HEAD");
        }
        context.writeAndFlush(response).addListener(sent -> leave((ChannelFuture) sent));
    }

    private void leave(ChannelFuture sent) {
        if (!sent.isSuccess()) {
            close();
            return;
        }
        state = State.LEAVES;
        ((DuplexChannel) context.channel()).shutdownOutput();
        within(LEAVE, State.LEAVES, this::close);
    }

    /** Unless it has gone on by then. */
    private void within(Duration time, State expected, Runnable otherwise) {
        context.executor()
                .schedule(
                        () -> {
                            if (state == expected) {
                                otherwise.run();
                            }
                        },
                        time.toMillis(),
                        TimeUnit.MILLISECONDS);
    }
}
