package dev.aiproxy.it;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.api.server.ServerSessionListener;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.GoAwayFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.util.Callback;

/**
 * What a {@link FrameServer} does with each stream, said by a test, and what came there. Bodies of requests are read and
 * kept.
 */
final class FrameScript implements ServerSessionListener {
    private static final long PATIENCE_SECONDS = 10;

    private final BlockingQueue<Asked> arrived = new LinkedBlockingQueue<>();
    private final List<Session> sessions = new CopyOnWriteArrayList<>();
    private final Consumer<Asked> answer;
    private volatile Map<Integer, Integer> settings = Map.of();

    /** @param answer is given each request when its head is there, on the thread that reads the connection */
    FrameScript(Consumer<Asked> answer) {
        this.answer = answer;
    }

    /** The next request that came, in the order of arrival. */
    Asked take() throws InterruptedException {
        Asked next = arrived.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no request came");
        }
        return next;
    }

    /** How many came that were not taken. */
    int left() {
        return arrived.size();
    }

    /** Every connection so far. */
    int connections() {
        return sessions.size();
    }

    /** What the client of the last connection has set. */
    Map<Integer, Integer> settings() {
        return settings;
    }

    @Override
    public void onAccept(Session session) {
        sessions.add(session);
    }

    @Override
    public void onSettings(Session session, SettingsFrame frame) {
        if (!frame.isReply()) {
            settings = frame.getSettings();
        }
    }

    @Override
    public boolean onIdleTimeout(Session session) {
        return false;
    }

    @Override
    public Stream.Listener onNewStream(Stream stream, HeadersFrame frame) {
        Asked asked = new Asked(stream, (MetaData.Request) frame.getMetaData());
        arrived.add(asked);
        answer.accept(asked);
        stream.demand();
        return asked;
    }

    /** One request, and what is sent back. */
    static final class Asked implements Stream.Listener {
        private final Stream stream;
        private final MetaData.Request request;
        private final StringBuffer body = new StringBuffer();
        private final BlockingQueue<String> resets = new LinkedBlockingQueue<>();

        Asked(Stream stream, MetaData.Request request) {
            this.stream = stream;
            this.request = request;
        }

        MetaData.Request request() {
            return request;
        }

        String path() {
            return request.getHttpURI().getPathQuery();
        }

        String body() {
            return body.toString();
        }

        /** How many fields the proxy has put into the table that requests of one connection share. */
        int sharedFields() {
            return session().getParser().getHpackDecoder().getHpackContext().size();
        }

        /** Waits until the proxy resets the stream; the code it gives. */
        String awaitReset() throws InterruptedException {
            String code = resets.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return code == null ? "no reset" : code;
        }

        boolean isReset() {
            return !resets.isEmpty();
        }

        /** A whole answer. */
        void answer(String text) {
            head(200, false, "content-length", Integer.toString(text.length()));
            data(text, true);
        }

        Asked head(int status, boolean isEnd, String... fields) {
            return frame(new MetaData.Response(status, null, HttpVersion.HTTP_2, fields(fields)), isEnd);
        }

        Asked trailers(String... fields) {
            return frame(new MetaData(HttpVersion.HTTP_2, fields(fields)), true);
        }

        private synchronized Asked frame(MetaData metaData, boolean isEnd) {
            return await(stream.headers(new HeadersFrame(stream.getId(), metaData, null, isEnd)));
        }

        private static HttpFields fields(String... fields) {
            HttpFields.Mutable given = HttpFields.build();
            for (int i = 0; i < fields.length; i += 2) {
                given.add(fields[i], fields[i + 1]);
            }
            return given;
        }

        synchronized Asked data(String text, boolean isEnd) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
            return await(stream.data(new DataFrame(stream.getId(), bytes, isEnd)));
        }

        /** A stream takes one thing after another. */
        private Asked await(CompletableFuture<Stream> sending) {
            sending.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
            return this;
        }

        /** Sends so many pieces, one after another as the proxy takes them. */
        void pour(String piece, int times) {
            try {
                for (int i = 0; i < times; i++) {
                    ByteBuffer bytes = ByteBuffer.wrap(piece.getBytes(StandardCharsets.ISO_8859_1));
                    stream.data(new DataFrame(stream.getId(), bytes, false)).get();
                }
            } catch (ExecutionException | InterruptedException over) {
                // Nobody takes any more.
            }
        }

        void reset(ErrorCode code) {
            stream.reset(new ResetFrame(stream.getId(), code.code), Callback.NOOP);
        }

        /** Says that the connection ends, and that this stream and later ones were not looked at. */
        void goAwayUnseen() {
            session().goAway(new GoAwayFrame(stream.getId() - 2, ErrorCode.NO_ERROR.code, null), Callback.NOOP);
        }

        /** Says that the connection ends, some time later. */
        void goAwayInTime() {
            session().goAway(GoAwayFrame.GRACEFUL, Callback.NOOP);
        }

        /** Ends the TCP connection. */
        void drop() {
            session().getEndPoint().close();
        }

        private HTTP2Session session() {
            return (HTTP2Session) stream.getSession();
        }

        @Override
        public void onDataAvailable(Stream known) {
            Stream.Data data = known.readData();
            if (data == null) {
                known.demand();
                return;
            }
            body.append(StandardCharsets.ISO_8859_1.decode(data.frame().getByteBuffer()));
            boolean isEnd = data.frame().isEndStream();
            data.release();
            if (!isEnd) {
                known.demand();
            }
        }

        @Override
        public void onReset(Stream known, ResetFrame frame, Callback callback) {
            resets.add(ErrorCode.from(frame.getError()).name());
            callback.succeeded();
        }
    }
}
