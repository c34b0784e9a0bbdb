package dev.aiproxy.internal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The upstream's end of a connection, which puts right what jetty-client writes.
 *
 * <p>jetty-client sorts header fields, changes the case of names and methods, and refuses targets that servers accept; so
 * the head it made is replaced by the exact one. And it sends the CRLF behind a chunk together with the next chunk, so
 * that a server that waits for it sees each piece of an upload one piece late; so the CRLF is brought forward.
 *
 * <p>Used by one call at a time, whose writes come one after another; {@link #closeFor} may come from any thread.
 */
final class UpstreamEndPoint extends EndPointWrapper {

    private static final byte CR = '\r';
    private static final byte LF = '\n';

    private final Scheduler scheduler;
    private final HeadCapture responseHeads = new HeadCapture();
    private volatile @Nullable UpstreamCall owner;
    private @Nullable HeadWriter head;
    private final Object endLock = new Object();
    private boolean isEnded;
    private boolean isUsed;
    private boolean isSpent;
    /** Whether a request has been written that is not over yet: only then may anything come. */
    private volatile boolean isAsked;

    private volatile boolean hasResponse;
    private boolean isChunked;
    private boolean isCrlfSent;
    private @Nullable EndInDoubt endInDoubt;

    UpstreamEndPoint(EndPoint endPoint, Scheduler scheduler) {
        super(endPoint);
        this.scheduler = scheduler;
    }

    /**
     * Prepares for the next request.
     *
     * @param call whose request it is
     * @param exactHead its head
     * @param chunked whether its body is sent in chunks
     */
    void nextRequest(UpstreamCall call, HeadWriter exactHead, boolean chunked) {
        owner = call;
        isUsed = true;
        hasResponse = false;
        head = exactHead;
        isChunked = chunked;
        isCrlfSent = false;
        endInDoubt = null;
        responseHeads.reset();
    }

    /** Whether anything has come in answer to the request at hand. */
    boolean isAnswered() {
        return hasResponse;
    }

    /**
     * The exchange is over: nothing may come before the next request. What has come behind its response already would be
     * dropped by jetty-client, which would go on with a connection whose ends have lost count of each other.
     */
    void callEnds() {
        isAsked = false;
        if (!responseHeads.isEmpty()) {
            bottom().close(new IOException("more than the response"));
        } else if (isWriteBroken() || isSpent) {
            bottom().close(new IOException("not to be used again"));
        }
        leaveItToReader(false);
    }

    /**
     * The head has been written: from now on an upstream may have answered, and closed the connection, before it has taken
     * the rest. Its answer counts (RFC 9112 §9.5), and not that nothing more can be written.
     */
    void onCommit() {
        leaveItToReader(true);
    }

    /** What comes from now on is no HTTP, and whoever writes it wants to know of a failure. */
    void onSwitched() {
        leaveItToReader(false);
    }

    /** No other request is to come, whatever the response says about that. */
    void spend() {
        isSpent = true;
    }

    private void leaveItToReader(boolean isLeft) {
        if (bottom() instanceof UpstreamSocket socket) {
            socket.leaveItToReader(isLeft);
        }
    }

    /** Whether the upstream takes nothing more, which only a read can explain. */
    boolean isWriteBroken() {
        return bottom() instanceof UpstreamSocket socket && socket.isWriteBroken();
    }

    /** Whether it has carried a request before. */
    boolean isUsed() {
        return isUsed;
    }

    /**
     * Whether the upstream has ended this connection, or has sent what nobody asked for. Only before a request is sent:
     * it may be sent elsewhere then without any risk of being sent twice.
     */
    boolean isStale() {
        if (bottom() instanceof SelectedEndPoint socket) {
            socket.askAgain();
        }
        try {
            return super.fill(BufferUtil.allocate(1)) != 0;
        } catch (IOException e) {
            return true;
        }
    }

    /** Closes the connection, unless it has been handed to another call. */
    void closeFor(UpstreamCall call, Throwable cause) {
        if (owner == call) {
            // The socket itself: TLS would first finish its handshake and say good-bye.
            bottom().close(cause);
        }
    }

    /**
     * The head of a response has been parsed.
     *
     * @param fields its fields
     * @param bodyLength bytes behind it that belong to its body, as {@link HeadCapture#take} wants them
     * @return the head as it was on the wire, if it could be told apart
     */
    @Nullable
    RawHead responseHead(HttpFields fields, long bodyLength) {
        return responseHeads.take(fields, bodyLength);
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        int filled = super.fill(buffer);
        if (filled > 0 && !isAsked) {
            // Nobody asked. jetty-client would keep part of an answer, and take it for the beginning of the next; and
            // an
            // answer before its request would leave one over for somebody else's.
            BufferUtil.clear(buffer);
            filled = -1;
        }
        if (filled > 0) {
            hasResponse = true;
            boolean isStart = responseHeads.isAtStart();
            responseHeads.filled(buffer, filled);
            if (isStart) {
                StatusLine.makeHarmless(buffer, buffer.limit() - filled);
            }
        }
        return filled < 0 && isInDoubt() ? 0 : filled;
    }

    /**
     * Whether it is still to be seen what an end means that has come instead of a response. A peer that has read the
     * request says no more; one that was gone before answers with a reset, which may take as long as a round trip.
     *
     * <p>Not while a head is being written: only behind that write can be told whether it came too late.
     */
    private boolean isInDoubt() {
        synchronized (endLock) {
            isEnded = true;
            UpstreamCall call = owner;
            boolean isSent = head == null && !hasResponse;
            // Of what was written in more than one go, some may have been read.
            if (!isSent || isWriteBroken() || call == null || !call.mayBeUnread()) {
                return false;
            }
            if (ResetProbe.isReset((SocketChannel) bottom().getTransport())) {
                call.onUnread();
                return false;
            }
            if (endInDoubt == null) {
                endInDoubt = new EndInDoubt();
            }
            return isOpen() && endInDoubt.isWaiting();
        }
    }

    @Override
    public void fillInterested(Callback callback) {
        EndInDoubt doubt = endInDoubt;
        if (doubt == null) {
            super.fillInterested(callback);
            return;
        }
        scheduler.schedule(callback::succeeded, doubt.nextMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void write(Callback callback, ByteBuffer... buffers) {
        if (head == null) {
            writeOn(callback, buffers);
            return;
        }
        synchronized (endLock) {
            if (!isEnded) {
                writeOn(callback, buffers);
                return;
            }
        }
        callback.failed(new EOFException("connection was closed before the request"));
    }

    private void writeOn(Callback callback, ByteBuffer... buffers) {
        HeadWriter exactHead = head;
        if (exactHead != null) {
            head = null;
            isAsked = true;
            Objects.requireNonNull(owner).onWriting();
            buffers[0] = replaceHead(buffers[0], exactHead);
        } else {
            UpstreamCall call = owner;
            if (call != null) {
                call.onWritingMore();
            }
            if (isChunked && isCrlfSent) {
                dropCrlf(buffers[0]);
            }
        }
        ByteBuffer content = buffers[buffers.length - 1];
        if (!isChunked || !content.hasRemaining()) {
            super.write(callback, buffers);
            return;
        }
        isCrlfSent = true;
        super.write(callback, withCrlf(buffers));
    }

    /** Behind the head there may be the size line of the first chunk; it is kept. */
    private static ByteBuffer replaceHead(ByteBuffer generated, HeadWriter exactHead) {
        generated.position(endOfHead(generated));
        byte[] rest = new byte[generated.remaining()];
        generated.get(rest);
        ByteBuffer target = generated;
        if (exactHead.length() + rest.length <= generated.capacity()) {
            BufferUtil.clearToFill(target);
        } else {
            target = ByteBuffer.allocate(exactHead.length() + rest.length);
        }
        exactHead.writeTo(target);
        return target.put(rest).flip();
    }

    private static int endOfHead(ByteBuffer generated) {
        for (int i = generated.position(); i + 3 < generated.limit(); i++) {
            if (generated.get(i) == CR
                    && generated.get(i + 1) == LF
                    && generated.get(i + 2) == CR
                    && generated.get(i + 3) == LF) {
                return i + 4;
            }
        }
        throw new IllegalStateException("jetty-client wrote something else than a head");
    }

    private static void dropCrlf(ByteBuffer chunkLine) {
        int position = chunkLine.position();
        if (chunkLine.remaining() >= 2 && chunkLine.get(position) == CR && chunkLine.get(position + 1) == LF) {
            chunkLine.position(position + 2);
        }
    }

    private static ByteBuffer[] withCrlf(ByteBuffer[] buffers) {
        ByteBuffer[] all = new ByteBuffer[buffers.length + 1];
        System.arraycopy(buffers, 0, all, 0, buffers.length);
        all[buffers.length] = ByteBuffer.wrap(new byte[] {CR, LF});
        return all;
    }

    /** The time between an end and the reset that explains it, looked at again and again, at longer and longer intervals. */
    private static final class EndInDoubt {
        private static final long PATIENCE_MILLIS = 500;

        private final long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        private long millis = 1;

        boolean isWaiting() {
            return System.nanoTime() - until < 0;
        }

        long nextMillis() {
            long next = millis;
            millis = 2 * millis;
            return next;
        }
    }
}
