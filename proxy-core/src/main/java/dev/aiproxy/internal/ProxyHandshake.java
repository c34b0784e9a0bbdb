package dev.aiproxy.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an upstream proxy until it leads to an upstream: then whatever is meant to speak to that takes its place,
 * TLS or HTTP or a tunnel, and finds a connection like any other. Until then it is nobody's, and has a clock of its own.
 */
final class ProxyHandshake extends AbstractConnection.NonBlocking implements Connection.UpgradeFrom {

    /** Where the handshake of an attempt to connect is found in the attempt's context. */
    static final String CONTEXT_KEY = ProxyHandshake.class.getName();

    private static final int MOST_BYTES = 16 * 1024;

    private final ProxyDialogue dialogue;
    private final Authority upstream;
    private final ClientConnectionFactory next;
    private final Map<String, Object> context;
    private final ByteBuffer heard = BufferUtil.allocate(MOST_BYTES);
    private final AtomicBoolean isOver = new AtomicBoolean();
    private volatile Scheduler.@Nullable Task clock;

    /**
     * Prepares it.
     *
     * @param next makes what takes its place
     * @param context of the attempt to connect; the promise in it is told of failures, and else what is next tells
     */
    ProxyHandshake(
            EndPoint endPoint,
            Executor executor,
            ProxyDialogue dialogue,
            Authority upstream,
            ClientConnectionFactory next,
            Map<String, Object> context) {
        super(endPoint, executor);
        this.dialogue = dialogue;
        this.upstream = upstream;
        this.next = next;
        this.context = context;
    }

    void startClock(Scheduler scheduler, Duration timeout) {
        if (!timeout.isZero()) {
            TimeoutException late = new TimeoutException("no answer in time");
            clock = scheduler.schedule(() -> fail(late), timeout.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void onOpen() {
        super.onOpen();
        say(dialogue.opening());
    }

    private void say(ByteBuffer words) {
        getEndPoint().write(Callback.from(Invocable.InvocationType.NON_BLOCKING, this::hear, this::fail), words);
    }

    @Override
    public void onFillable() {
        try {
            if (getEndPoint().fill(heard) < 0) {
                throw new UpstreamProxyException(Failure.UPSTREAM_PROXY_BAD_RESPONSE, "closed within its answer");
            }
        } catch (IOException failure) {
            fail(failure);
            return;
        }
        hear();
    }

    /** Deals with all that has come, which may be more than was asked for. */
    private void hear() {
        try {
            answer();
        } catch (IOException | RuntimeException failure) {
            fail(failure);
        }
    }

    private void answer() throws IOException {
        ByteBuffer words = dialogue.reply(heard);
        if (dialogue.isOver()) {
            makeWay();
        } else if (words.hasRemaining()) {
            say(words);
        } else if (BufferUtil.space(heard) == 0) {
            throw new UpstreamProxyException(Failure.UPSTREAM_PROXY_BAD_RESPONSE, "an answer without end");
        } else {
            fillInterested();
        }
    }

    private void makeWay() throws IOException {
        if (!isOver.compareAndSet(false, true)) {
            return;
        }
        stopClock();
        // The context lives as long as TLS does, and this has a buffer.
        context.remove(CONTEXT_KEY);
        // TLS takes from here whose certificate it wants to see.
        context.put(
                ClientConnector.REMOTE_SOCKET_ADDRESS_CONTEXT_KEY,
                InetSocketAddress.createUnresolved(upstream.bareHost(), upstream.port()));
        try {
            Connection connection = next.newConnection(getEndPoint(), context);
            if (heard.hasRemaining() && !(connection instanceof TunnelConnection)) {
                // Nothing has been asked yet.
                throw new UpstreamProxyException(Failure.UPSTREAM_PROXY_BAD_RESPONSE, "more than its answer");
            }
            getEndPoint().upgrade(connection);
        } catch (IOException | RuntimeException failure) {
            tell(failure);
        }
    }

    /** What came behind the proxy's answer: a server may speak first. */
    @Override
    public @Nullable ByteBuffer onUpgradeFrom() {
        return heard.hasRemaining() ? heard : null;
    }

    @Override
    public void onFillInterestedFailed(Throwable cause) {
        fail(cause);
    }

    @Override
    public boolean onIdleExpired(TimeoutException timeout) {
        // There is a clock.
        return false;
    }

    /** Gives up, unless it is over; safe for any thread. */
    void fail(Throwable cause) {
        if (isOver.compareAndSet(false, true)) {
            stopClock();
            tell(cause);
        }
    }

    private void tell(Throwable cause) {
        // The socket itself: TLS would first say good-bye.
        EndPoint bottom = getEndPoint();
        while (bottom instanceof EndPoint.Wrapper wrapper) {
            bottom = wrapper.unwrap();
        }
        bottom.close(cause);
        Promise<?> promise = (Promise<?>) context.get(ClientConnector.CONNECTION_PROMISE_CONTEXT_KEY);
        Objects.requireNonNull(promise).failed(cause);
    }

    private void stopClock() {
        Scheduler.Task running = clock;
        if (running != null) {
            running.cancel();
        }
    }
}
