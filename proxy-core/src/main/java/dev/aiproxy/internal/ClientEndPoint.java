package dev.aiproxy.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadPendingException;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of a connection, which can be watched while nobody reads from it.
 *
 * <p>Jetty's HTTP/1.1 connection does not look at the socket between the end of a request and the end of its response, so
 * it learns that a client has left only by writing to it: after minutes of silence, or never. {@link #watch} looks for
 * it. What the look catches, one byte at first, belongs to a pipelined request; it is kept and handed out before the rest.
 *
 * <p>Any thread may call; the lock guards the watch, the byte, and the registration of read interest. Jetty's fills are
 * under it as well; none of them blocks.
 */
final class ClientEndPoint extends EndPointWrapper {

    private static final IOException WATCH_ENDED = new IOException("watch ended");

    /** Nearly always there is nothing to catch, on thousands of connections. */
    private static final int LEAST_CAUGHT_BYTES = 1;

    /** What a client that leaves may have sent behind its request. */
    private static final int SOME_CAUGHT_BYTES = 1024;

    /** Behind more than that, a leave goes unseen until the response is written. */
    private static final int MOST_CAUGHT_BYTES = 16 * 1024;

    private final AbstractEndPoint watched;
    /** What is below TLS, if there is TLS. */
    private final @Nullable EncryptedEndPoint encrypted;

    private final Executor executor;
    private final Object lock = new Object();
    private final Watch watch = new Watch();
    private final HeadCapture heads = new HeadCapture();
    private ByteBuffer caught = BufferUtil.allocate(LEAST_CAUGHT_BYTES);
    private @Nullable Runnable onGone;
    private boolean isRegistered;
    private volatile long headBeganAt;
    private boolean isInExchange;
    private boolean isOriginForm;
    private boolean isTunnel;
    private boolean isUsed;

    ClientEndPoint(EndPoint endPoint, Executor executor) {
        super(endPoint);
        this.watched = (AbstractEndPoint) endPoint;
        this.encrypted = endPoint instanceof EndPoint.Wrapper tls && tls.unwrap() instanceof EncryptedEndPoint below
                ? below
                : null;
        this.executor = executor;
    }

    /**
     * Looks for the client's leave until the exchange ends; {@code gone} runs at most once, on a selector thread, and
     * replaces an earlier one. Without effect between exchanges, when Jetty reads by itself.
     *
     * @return whether it will tell all there is to learn; if not, Jetty has not been told yet of what it waits for
     */
    boolean watch(Runnable gone) {
        synchronized (lock) {
            if (!isInExchange || isTunnel) {
                return false;
            }
            onGone = gone;
            if (!isRegistered && !isCaughtFull()) {
                register();
            }
            // Where there is too much in the way, nothing more can be learned before it is read.
            return isRegistered || isCaughtFull();
        }
    }

    /**
     * What comes from now on is no HTTP, and is read below this class.
     *
     * @return what the last look has caught
     */
    ByteBuffer tunnelBegins() {
        synchronized (lock) {
            isTunnel = true;
            onGone = null;
            deregister();
            heads.reset();
            return ByteBuffer.allocate(caught.remaining()).put(caught).flip();
        }
    }

    /**
     * When the first byte of a head that is not complete yet was read, or of a handshake or a TLS record that is not, in
     * terms of the nano clock; 0 if there is none.
     */
    long headBeganAt() {
        if (encrypted == null || isInExchange || headBeganAt != 0) {
            return headBeganAt;
        }
        return encrypted.recordBeganAt();
    }

    /**
     * The head of a request has been parsed.
     *
     * @param method its method
     * @param fields its fields
     * @param bodyLength length of its body, negative if that is not known
     * @return the head as it was on the wire, if it could be told apart
     */
    @Nullable
    RawHead exchangeBegins(String method, HttpFields fields, long bodyLength) {
        synchronized (lock) {
            isInExchange = true;
            isUsed = true;
        }
        headBeganAt = 0;
        return heads.takeRequest(method, fields, bodyLength < 0 ? HeadCapture.UNKNOWN_LENGTH : bodyLength);
    }

    /** Whether there has been a request on this connection. */
    boolean isUsed() {
        synchronized (lock) {
            return isUsed;
        }
    }

    /** Whether no request is under way, and none has begun to come. */
    boolean isAtRest() {
        synchronized (lock) {
            return !isInExchange && !caught.hasRemaining() && headBeganAt == 0;
        }
    }

    void exchangeEnds() {
        synchronized (lock) {
            isInExchange = false;
            onGone = null;
            deregister();
        }
        heads.bodyEnds();
        if (encrypted != null) {
            encrypted.recordEnds();
        }
        headBeganAt = heads.isEmpty() ? 0 : System.nanoTime();
    }

    /**
     * Whether the request at hand was written in origin-form or asterisk-form, as to a server, and not in absolute-form,
     * as to a proxy. Jetty makes all URIs absolute and does not tell; but it asks the endpoint whether it is secure for
     * want of a scheme only, so that the question is the answer. To be taken once for each request.
     */
    boolean takeOriginForm() {
        boolean taken = isOriginForm;
        isOriginForm = false;
        return taken;
    }

    @Override
    public @Nullable SslSessionData getSslSessionData() {
        isOriginForm = true;
        return super.getSslSessionData();
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        int filled;
        boolean isHead;
        // Under the lock until the socket has been read: a byte caught meanwhile would come out of order.
        synchronized (lock) {
            filled = caught.hasRemaining() ? takeCaught(buffer) : super.fill(buffer);
            isHead = !isInExchange;
        }
        if (filled > 0) {
            heads.filled(buffer, filled);
            if (encrypted != null) {
                encrypted.recordEnds();
            }
            if (isHead && headBeganAt == 0) {
                headBeganAt = System.nanoTime();
            }
        }
        return filled;
    }

    @Override
    public void fillInterested(Callback callback) {
        if (!tryFillInterested(callback)) {
            throw new ReadPendingException();
        }
    }

    @Override
    public boolean tryFillInterested(Callback callback) {
        synchronized (lock) {
            onGone = null;
            deregister();
            if (!caught.hasRemaining()) {
                return super.tryFillInterested(callback);
            }
        }
        // There is something to read already; by another thread, for callers do not expect to be called back at once.
        executor.execute(callback::succeeded);
        return true;
    }

    @Override
    public boolean isFillInterested() {
        synchronized (lock) {
            return !isRegistered && super.isFillInterested();
        }
    }

    private int takeCaught(ByteBuffer buffer) {
        int taken = BufferUtil.append(buffer, caught);
        if (!caught.hasRemaining() && caught.capacity() > LEAST_CAUGHT_BYTES) {
            caught = BufferUtil.allocate(LEAST_CAUGHT_BYTES);
        }
        return taken;
    }

    private boolean isCaughtFull() {
        return caught.remaining() >= MOST_CAUGHT_BYTES;
    }

    private void register() {
        isRegistered = watched.tryFillInterested(watch);
    }

    private void deregister() {
        if (isRegistered) {
            isRegistered = false;
            watched.getFillInterest().onFail(WATCH_ENDED);
        }
    }

    private @Nullable Runnable look() {
        synchronized (lock) {
            if (!isRegistered) {
                return null;
            }
            isRegistered = false;
            if (fillCaught() >= 0) {
                // Part of a pipelined request, a TLS record without data, or a false alarm.
                if (!isCaughtFull()) {
                    register();
                }
                return null;
            }
            Runnable gone = onGone;
            onGone = null;
            return gone;
        }
    }

    private int fillCaught() {
        try {
            if (BufferUtil.space(caught) == 0) {
                caught = grown(caught);
            }
            return watched.fill(caught);
        } catch (IOException e) {
            return -1;
        }
    }

    private static ByteBuffer grown(ByteBuffer full) {
        int wanted = Math.max(SOME_CAUGHT_BYTES, 2 * full.remaining());
        ByteBuffer larger = BufferUtil.allocate(Math.min(wanted, MOST_CAUGHT_BYTES));
        BufferUtil.append(larger, full);
        return larger;
    }

    private final class Watch implements Callback {
        @Override
        public void succeeded() {
            Runnable gone = look();
            if (gone != null) {
                gone.run();
            }
        }

        @Override
        public void failed(Throwable cause) {
            Runnable gone;
            synchronized (lock) {
                gone = isRegistered ? onGone : null;
                isRegistered = false;
                onGone = null;
            }
            if (gone != null) {
                gone.run();
            }
        }

        @Override
        public Invocable.InvocationType getInvocationType() {
            return Invocable.InvocationType.NON_BLOCKING;
        }
    }
}
