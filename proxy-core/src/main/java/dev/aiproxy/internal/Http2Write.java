package dev.aiproxy.internal;

import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingNestedCallback;
import org.jspecify.annotations.Nullable;

/** One write to an HTTP/2 stream: the head together with the first chunk, then the other chunks one by one. */
final class Http2Write extends IteratingNestedCallback {

    private final HttpStream stream;
    private final MetaData.Request request;
    private final MetaData.@Nullable Response head;
    private final List<Content.Chunk> data;
    private final boolean last;
    private int next;

    /**
     * Prepares the write; {@link #iterate} starts it.
     *
     * @param head the head, if it has not been written
     * @param data not released here
     * @param last whether the stream ends with this
     */
    Http2Write(
            HttpStream stream,
            MetaData.Request request,
            MetaData.@Nullable Response head,
            List<Content.Chunk> data,
            boolean last,
            Callback callback) {
        super(callback);
        this.stream = stream;
        this.request = request;
        this.head = head;
        this.data = data;
        this.last = last;
    }

    @Override
    protected Action process() {
        boolean isFirst = next == 0;
        boolean isBare = data.isEmpty() && (head != null || last);
        if (isFirst ? data.isEmpty() && !isBare : next >= data.size()) {
            return Action.SUCCEEDED;
        }
        ByteBuffer bytes = data.isEmpty() ? null : data.get(next).getByteBuffer();
        next++;
        stream.send(request, isFirst ? head : null, last && next >= data.size(), bytes, this);
        return Action.SCHEDULED;
    }
}
