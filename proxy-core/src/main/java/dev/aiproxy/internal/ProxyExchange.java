package dev.aiproxy.internal;

import dev.aiproxy.Exchange;
import dev.aiproxy.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and what becomes of it. The one place that decides how an exchange ends: whatever happens on either side is
 * told to it, and the first thing that ends it wins.
 *
 * <p>Its methods are called from selector threads of both sides, the ticker, and the thread that closes the proxy.
 */
final class ProxyExchange {

    private static final Logger logger = LoggerFactory.getLogger(ProxyExchange.class);

    /** How long a client may go on sending a request that has been answered. */
    private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(5);

    private static final Invocable.InvocationType NON_BLOCKING = Invocable.InvocationType.NON_BLOCKING;

    private final Exchange facts;
    private final long beganAt;
    private final Request request;
    /** Until there is a response; nothing is made of it from then on. */
    private volatile @Nullable RawHead rawHead;

    private final Credentials credentials;
    private final ClientResponse response;
    private final Terms terms;
    private final Target target;
    private final ExchangeReport report;
    private final Counters counters;
    /** How it ends; set once, and whoever sets it acts on it. */
    private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();

    private volatile boolean isLastWriteIssued;

    private final AtomicReference<Runnable> completion = new AtomicReference<>(() -> {});
    private volatile boolean isComplete;

    private volatile @Nullable UpstreamHalf half;
    private volatile long drainUntil;
    private final LeaveWatch leaveWatch;

    ProxyExchange(
            Exchange facts,
            Request request,
            @Nullable RawHead rawHead,
            Credentials credentials,
            ClientResponse response,
            Terms terms,
            Target target,
            ExchangeReport report,
            Counters counters) {
        this.facts = facts;
        this.beganAt = request.getBeginNanoTime();
        this.request = request;
        this.rawHead = rawHead;
        this.credentials = credentials;
        this.response = response;
        this.terms = terms;
        this.target = target;
        this.report = report;
        this.counters = counters;
        this.leaveWatch = new LeaveWatch(response, terms.config().allowHalfClose(), this::onClientGone);
    }

    Exchange facts() {
        return facts;
    }

    ExchangeReport report() {
        return report;
    }

    Request request() {
        return request;
    }

    @Nullable
    RawHead rawHead() {
        return rawHead;
    }

    Credentials credentials() {
        return credentials;
    }

    ClientResponse response() {
        return response;
    }

    /** The terms it began on. */
    Terms terms() {
        return terms;
    }

    Target target() {
        return target;
    }

    void begin() {
        request.addIdleTimeoutListener(this::onClientIdle);
        report.begin();
    }

    /** Whether it is decided how it ends. */
    boolean isOver() {
        return ending.get() != null;
    }

    /** How to tell Jetty that the exchange is over. */
    void onCompletion(Runnable action) {
        completion.set(action);
        if (isComplete) {
            // It was over before anybody could be told.
            completeNow();
        }
    }

    /** The request to the upstream in HTTP/1.1; there is one as soon as anything has come from there in answer to it. */
    UpstreamCall call() {
        return (UpstreamCall) Objects.requireNonNull(half);
    }

    private RequestHalf requestHalf() {
        return (RequestHalf) Objects.requireNonNull(half);
    }

    /**
     * Takes a way to the upstream, or another one, if nothing could be sent on the first. If there is an error in that, the
     * exchange ends with it.
     */
    void forward(Supplier<? extends UpstreamHalf> way) {
        try {
            forward(way.get());
        } catch (RuntimeException e) {
            logger.error("{} cannot be forwarded", facts.id(), e);
            fail(Failure.PROXY_ERROR, e);
        }
    }

    private void forward(UpstreamHalf upstreamHalf) {
        half = upstreamHalf;
        report.onForward();
        upstreamHalf.send();
        Ending decided = ending.get();
        if (decided != null && decided.failure() != null) {
            // Whoever ended it may have found nothing to abort, or what went before.
            upstreamHalf.abort(new IOException("exchange is over"));
        }
    }

    // What the client side tells.

    void onRequestBytes(long count) {
        report.onRequestBytes(count);
    }

    void onRequestBodyFailed(Throwable cause) {
        if (cause instanceof TimeoutException) {
            fail(Failure.CLIENT_BODY_TIMEOUT, cause);
            return;
        }
        boolean isMalformed = cause instanceof org.eclipse.jetty.http.HttpException && !(cause instanceof IOException);
        fail(isMalformed || isUnreadable(cause) ? Failure.BAD_REQUEST : Failure.CLIENT_GONE, cause);
    }

    /** What Jetty's parser makes nothing of within a body, it tells as an end that came too early, where none came. */
    private boolean isUnreadable(Throwable cause) {
        return cause instanceof EofException
                && request.getConnectionMetaData().getConnection().getEndPoint() instanceof ClientEndPoint client
                && !client.isInputShutdown();
    }

    void onClientGone() {
        if (isLastWriteIssued || half instanceof Tunnel) {
            // It has taken all there is, or the write will tell that it has not; and a tunnel finds out by itself.
            return;
        }
        fail(Failure.CLIENT_GONE, new IOException("client left"));
    }

    void onClientWriteFailed(Throwable cause) {
        fail(cause instanceof TimeoutException ? Failure.CLIENT_IDLE_TIMEOUT : Failure.CLIENT_GONE, cause);
    }

    /** Jetty asks what to do about a silent client; only one that holds up a write is a reason to act. */
    private boolean onClientIdle(TimeoutException timeout) {
        response.failWrite(timeout);
        return false;
    }

    // What the upstream side tells.

    void onUpstreamInterim(ResponseHead head) {
        if (!response.writeInterim(head)) {
            fail(Failure.UPSTREAM_BAD_RESPONSE, new IOException("interim responses without end"));
        }
    }

    /**
     * Hands what has arrived to the client.
     *
     * @param head the response head, if this is the first time
     */
    void respond(
            @Nullable ResponseHead head,
            List<Content.Chunk> chunks,
            boolean last,
            HttpFields trailers,
            Callback callback) {
        if (head != null) {
            if (!response.fits(head)) {
                fail(Failure.UPSTREAM_BAD_RESPONSE, new IOException("response head too large for the client"));
            }
            if (!response.commit()) {
                callback.failed(new IOException("exchange is over"));
                return;
            }
            rawHead = null;
            report.onResponseHead(head);
        }
        report.onArrived(chunks);
        isLastWriteIssued = last;
        response.write(head, chunks, last, trailers, callback);
    }

    /**
     * A stream has begun, and pauses: from now on it may be silent for long, and a client may have seen enough. Told once,
     * for the watch stays while more is written.
     */
    void onPause() {
        leaveWatch.beginByReading(half);
    }

    void onUpstreamFailed(Throwable cause) {
        logger.debug("{} upstream failed", facts.id(), cause);
        if (ending.get() != null) {
            return;
        }
        RequestHalf upstream = requestHalf();
        if (upstream.replay(cause)) {
            counters.onReplay();
        } else {
            fail(upstream.failureOf(cause), cause);
        }
    }

    /**
     * The upstream is there for a tunnel: tells the client, and lets everything through from then on.
     *
     * @param head the whole response head, as it is in HTTP/1.1
     */
    void openTunnel(int tunnelStatus, HeadWriter head, Tunnel tunnel) {
        half = tunnel;
        if (ending.get() != null || !response.commit()) {
            tunnel.abort(new IOException("exchange is over"));
            return;
        }
        rawHead = null;
        report.onConnected();
        report.onResponseHead(tunnelStatus);
        response.writeTunnelHead(
                tunnelStatus, head, Callback.from(NON_BLOCKING, tunnel::send, this::onClientWriteFailed));
    }

    /** Both ends of the tunnel have finished. */
    void onTunnelEnd() {
        if (ending.compareAndSet(null, Ending.COMPLETED)) {
            response.endTunnel();
            report(Ending.COMPLETED);
            completeNow();
        }
    }

    void onResponseWritten() {
        if (ending.compareAndSet(null, Ending.COMPLETED)) {
            response.end();
            report(Ending.COMPLETED);
            requestHalf().onResponseComplete();
            complete();
        }
    }

    /** Ends the exchange with a failure, unless its end has been decided before. */
    void fail(Failure failure, Throwable cause) {
        Ending decided = new Ending(failure.outcome(), failure);
        if (!ending.compareAndSet(null, decided)) {
            return;
        }
        UpstreamHalf upstream = half;
        if (upstream != null) {
            boolean isCancel = failure == Failure.CLIENT_GONE && upstream.isWriting();
            upstream.abort(cause);
            if (isCancel) {
                counters.onUpstreamCancel();
            }
        }
        boolean canAnswer = failure != Failure.CLIENT_GONE && failure != Failure.CLIENT_IDLE_TIMEOUT;
        if (canAnswer && response.commit()) {
            answer(failure, decided);
            return;
        }
        response.tear(cause);
        report(decided);
        completeNow();
    }

    private void answer(Failure failure, Ending decided) {
        byte[] body = failure.json().getBytes(StandardCharsets.US_ASCII);
        // RFC 9110 §9.3.2: to HEAD the length of a body, but none; it would pass for the next response.
        byte[] sent = request.getMethod().equals("HEAD") ? new byte[0] : body;
        Content.Chunk chunk = Content.Chunk.from(ByteBuffer.wrap(sent), true);
        report.onResponseHead(failure.status());
        onResponseBytes(sent.length);
        Runnable answered = () -> {
            response.end();
            report(decided);
            complete();
        };
        response.write(
                ResponseHead.of(failure, body.length),
                List.of(chunk),
                true,
                HttpFields.EMPTY,
                Callback.from(NON_BLOCKING, answered, cause -> answered.run()));
    }

    void onResponseBytes(long count) {
        report.onResponseBytes(count, System.nanoTime());
    }

    private void report(Ending decided) {
        report.end(decided.outcome(), decided.failure());
    }

    /** Lets go of the client's connection, once all that the client still sends has been taken from it. */
    private void complete() {
        UpstreamHalf upstream = half;
        if (upstream == null || !upstream.drainRequest(this::completeNow)) {
            completeNow();
            return;
        }
        drainUntil = System.nanoTime() + DRAIN_PATIENCE.toNanos();
    }

    private void completeNow() {
        isComplete = true;
        completion.getAndSet(() -> {}).run();
    }

    /** Jetty has done with the exchange; if it was Jetty that ended it, listeners are told so. */
    void onStreamEnd() {
        if (!isOver()) {
            fail(Failure.CLIENT_GONE, new IOException("stream ended"));
        }
    }

    // What time tells.

    /** Called a few times a second while the exchange is in flight and has not {@linkplain #isSettled() settled}. */
    void onTick(long now) {
        if (ending.get() == null) {
            UpstreamHalf upstream = half;
            if (upstream != null) {
                upstream.onTick(now);
            }
            Failure overdue = response.overdue(now);
            if (overdue != null) {
                fail(overdue, new TimeoutException(overdue.code()));
            }
        } else if (drainUntil != 0 && now - drainUntil > 0) {
            completeNow();
        }
    }

    /**
     * Looks for the client's leave, where nobody reads from it. Not before the exchange is this old, as most are over by then; a
     * stream is watched earlier, see {@link #onPause}.
     */
    void watch(ResetProbe resetProbe, long now) {
        UpstreamHalf upstream = half;
        if (upstream != null && ending.get() == null && now - beganAt > Ticker.PERIOD.toNanos()) {
            leaveWatch.begin(upstream, resetProbe);
        }
    }

    /** Whether time has nothing more to tell, so that whatever comes is an event on one of the two connections. */
    boolean isSettled() {
        UpstreamHalf upstream = half;
        return isComplete
                || leaveWatch.isForGood()
                        && upstream != null
                        && ending.get() == null
                        && !upstream.awaitsTick()
                        && !response.awaitsTick();
    }

    /**
     * The end of an exchange.
     *
     * @param failure what went wrong, if anything did
     */
    private record Ending(Outcome outcome, @Nullable Failure failure) {
        static final Ending COMPLETED = new Ending(Outcome.COMPLETED, null);
    }
}
