package dev.aiproxy.internal;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * Sends the body of a request on a stream: each piece when the client has sent it and the upstream takes it, which is when
 * Jetty calls back. If the stream ends, so does this, without a word: the stream tells why.
 */
final class Http2BodyWriter extends IteratingCallback {

    private final Stream stream;
    private final Content.Source body;
    private final org.eclipse.jetty.server.Request request;
    private final Runnable onSent;
    private Content.@Nullable Chunk sending;
    private HttpFields trailers = HttpFields.EMPTY;
    private boolean isLast;

    /** @param onSent runs when the last piece is written */
    Http2BodyWriter(Stream stream, Content.Source body, org.eclipse.jetty.server.Request request, Runnable onSent) {
        this.stream = stream;
        this.body = body;
        this.request = request;
        this.onSent = onSent;
    }

    @Override
    protected Action process() {
        if (isLast) {
            return trailers.size() > 0 ? sendTrailers() : Action.SUCCEEDED;
        }
        Content.Chunk chunk = body.read();
        if (chunk == null) {
            body.demand(Invocable.from(Invocable.InvocationType.NON_BLOCKING, this::succeeded));
            return Action.SCHEDULED;
        }
        if (Content.Chunk.isFailure(chunk)) {
            // The exchange has been told.
            return Action.IDLE;
        }
        isLast = chunk.isLast();
        if (isLast) {
            trailers = FieldRules.trailers(request.getTrailers());
        }
        sending = chunk;
        boolean endsStream = isLast && trailers.size() == 0;
        if (!chunk.hasRemaining() && !endsStream) {
            release();
            return process();
        }
        stream.data(new DataFrame(stream.getId(), chunk.getByteBuffer(), endsStream), this);
        return Action.SCHEDULED;
    }

    private Action sendTrailers() {
        MetaData fields = new MetaData(HttpVersion.HTTP_2, trailers);
        trailers = HttpFields.EMPTY;
        stream.headers(new HeadersFrame(stream.getId(), fields, null, true), this);
        return Action.SCHEDULED;
    }

    @Override
    protected void onSuccess() {
        release();
    }

    @Override
    protected void onCompleteSuccess() {
        onSent.run();
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        release();
    }

    private void release() {
        Content.Chunk sent = sending;
        sending = null;
        if (sent != null) {
            sent.release();
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
