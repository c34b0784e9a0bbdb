package dev.aiproxy.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * Moves a response from the upstream to the client: takes all that has arrived, writes it at once, and only when it is
 * written takes more, so that a client that does not read stops the upstream.
 */
final class ResponsePump extends IteratingCallback
        implements Response.HeadersListener, Response.ContentSourceListener, Response.CompleteListener {

    /** What is taken in one go is bounded, so that one busy stream does not hold up its selector's others. */
    static final int MAX_CHUNKS = 16;

    private static final int MAX_BYTES = 64 * 1024;

    private final ProxyExchange exchange;
    private final List<Content.Chunk> chunks = new ArrayList<>(2);
    private @Nullable Response response;
    private Content.@Nullable Source source;
    private @Nullable ResponseHead head;
    private @Nullable ResponseHead switchHead;
    private boolean isDemanding;
    private volatile boolean isLast;

    ResponsePump(ProxyExchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public void onHeaders(Response upstreamResponse) {
        if (upstreamResponse instanceof ContentResponse) {
            // No answer, but an interim response that has failed: Jetty plays it once more, with the code of its own
            // parser as the status. onComplete tells why.
            return;
        }
        if (exchange.call().isSwitch(upstreamResponse)) {
            switchHead = exchange.call().onResponseHead(upstreamResponse);
            return;
        }
        if (exchange.call().isAskedByProxy(upstreamResponse)) {
            exchange.fail(Failure.UPSTREAM_PROXY_AUTH_FAILED, new IOException("status 407"));
            return;
        }
        if (ResponseSyntax.isMalformed(upstreamResponse)) {
            exchange.fail(Failure.UPSTREAM_BAD_RESPONSE, new IOException("malformed response head"));
            return;
        }
        response = upstreamResponse;
        head = exchange.call().onResponseHead(upstreamResponse);
    }

    @Override
    public void onContentSource(Response upstreamResponse, Content.Source contentSource) {
        if (switchHead != null) {
            // Nothing is there to be read, but jetty-client goes on only when asked.
            contentSource.read();
        }
        if (head != null) {
            source = contentSource;
            iterate();
        }
    }

    @Override
    protected Action process() {
        if (isLast) {
            return Action.SUCCEEDED;
        }
        if (isDemanding) {
            isDemanding = false;
        }
        Throwable failure = take();
        if (failure != null) {
            // Jetty tells onComplete why; what came before is still the client's.
            isLast = false;
        }
        if (chunks.isEmpty() && head == null && !isLast) {
            if (failure != null) {
                return Action.IDLE;
            }
            isDemanding = true;
            source().demand(Invocable.from(Invocable.InvocationType.NON_BLOCKING, this::succeeded));
            return Action.SCHEDULED;
        }
        ResponseHead unsent = head;
        head = null;
        exchange.respond(unsent, chunks, isLast, isLast ? trailers() : HttpFields.EMPTY, this);
        return Action.SCHEDULED;
    }

    /** Takes what is there without waiting; returns the upstream's failure, if that is what comes next. */
    private @Nullable Throwable take() {
        int bytes = 0;
        while (chunks.size() < MAX_CHUNKS && bytes < MAX_BYTES) {
            Content.Chunk chunk = source().read();
            if (chunk == null) {
                return null;
            }
            if (Content.Chunk.isFailure(chunk)) {
                return chunk.getFailure();
            }
            isLast = chunk.isLast();
            bytes += chunk.remaining();
            if (chunk.hasRemaining()) {
                chunks.add(chunk);
            } else {
                chunk.release();
            }
            if (isLast) {
                return null;
            }
        }
        return null;
    }

    private HttpFields trailers() {
        return FieldRules.trailers(response == null ? null : response.getTrailers());
    }

    private Content.Source source() {
        return Objects.requireNonNull(source);
    }

    @Override
    protected void onSuccess() {
        exchange.report().onWritten(chunks);
        release();
    }

    @Override
    protected void onCompleteSuccess() {
        exchange.onResponseWritten();
    }

    @Override
    protected void onFailure(Throwable cause) {
        exchange.onClientWriteFailed(cause);
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        release();
    }

    private void release() {
        chunks.forEach(Content.Chunk::release);
        chunks.clear();
    }

    @Override
    public void onComplete(Result result) {
        if (result.isFailed() && !isLast) {
            exchange.onUpstreamFailed(result);
        } else if (switchHead != null) {
            exchange.call().onSwitched(switchHead);
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
