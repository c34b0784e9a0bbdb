package dev.aiproxy.internal;

import java.io.IOException;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/** Takes a response in HTTP/1.1 from jetty-client and has it moved to the client. */
final class Http1ResponseListener
        implements Response.HeadersListener, Response.ContentSourceListener, Response.CompleteListener {

    private final ProxyExchange exchange;
    private final ResponsePump pump;
    private @Nullable ResponseHead head;
    private @Nullable ResponseHead switchHead;

    Http1ResponseListener(ProxyExchange exchange) {
        this.exchange = exchange;
        this.pump = new ResponsePump(exchange);
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
        head = exchange.call().onResponseHead(upstreamResponse);
    }

    @Override
    public void onContentSource(Response upstreamResponse, Content.Source contentSource) {
        if (switchHead != null) {
            // Nothing is there to be read, but jetty-client goes on only when asked.
            contentSource.read();
        }
        ResponseHead begun = head;
        if (begun != null) {
            // The stream behind it may be long.
            head = null;
            // Why it breaks off, Jetty tells onComplete.
            pump.begin(begun, contentSource, upstreamResponse::getTrailers, cause -> {});
        }
    }

    @Override
    public void onComplete(Result result) {
        if (result.isFailed() && !pump.isLast()) {
            exchange.onUpstreamFailed(result.getFailure());
        } else if (switchHead != null) {
            exchange.call().onSwitched(switchHead);
        }
    }
}
