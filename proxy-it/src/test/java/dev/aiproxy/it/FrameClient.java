package dev.aiproxy.it;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.GoAwayFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * An HTTP/2 connection whose every stream can be told what to send and when to read, and tells what came. Methods block, but
 * not for ever; for one thread.
 */
final class FrameClient implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;
    /** What a stream may have sent that nobody has read. */
    static final int STREAM_WINDOW_BYTES = 64 * 1024;

    private final HTTP2Client client = new HTTP2Client();
    private final Session session;
    private final CountDownLatch goAway = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    private FrameClient(InetSocketAddress address, boolean isTls) throws Exception {
        client.setInitialStreamRecvWindow(STREAM_WINDOW_BYTES);
        client.setInitialSessionRecvWindow(1024 * 1024);
        client.setMaxConcurrentPushedStreams(0);
        client.setMaxRequestHeadersSize(64 * 1024);
        // The engine asks for h2; Jetty's own way to do so takes another module.
        client.setUseALPN(false);
        AskingForHttp2 tls = new AskingForHttp2();
        client.addBean(tls);
        client.start();
        CompletableFuture<Session> connected =
                isTls ? client.connect(tls, address, new Connection()) : client.connect(address, new Connection());
        session = connected.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    static FrameClient connect(ProxyExtension proxy) throws Exception {
        return new FrameClient(proxy.proxy().address(), proxy.uri().getScheme().equals("https"));
    }

    /** Begins a request; its body, if there is one, is up to {@link Exchange#send}. */
    Exchange ask(String method, String path, boolean isComplete, String... fields) throws Exception {
        HttpFields.Mutable given = HttpFields.build();
        for (int i = 0; i < fields.length; i += 2) {
            given.add(fields[i], fields[i + 1]);
        }
        HttpURI uri =
                HttpURI.build().scheme("http").host("client.example").port(80).pathQuery(path);
        return ask(new MetaData.Request(method, uri, HttpVersion.HTTP_2, given), isComplete);
    }

    /** Begins a request for a whole URI. */
    Exchange askFor(String uri) throws Exception {
        return ask(new MetaData.Request("GET", HttpURI.from(uri), HttpVersion.HTTP_2, HttpFields.EMPTY), true);
    }

    /** Asks for a tunnel. */
    Exchange connectTo(String authority) throws Exception {
        HostPortHttpField field = new HostPortHttpField(authority);
        return ask(new MetaData.ConnectRequest((String) null, field, null, HttpFields.EMPTY, null), false);
    }

    Exchange ask(MetaData.Request request, boolean isComplete) throws Exception {
        Exchange exchange = new Exchange();
        exchange.stream = session.newStream(new HeadersFrame(request, null, isComplete), exchange)
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return exchange;
    }

    /** Whether the proxy says within some time that the connection is about to end. */
    boolean awaitGoAway() throws InterruptedException {
        return goAway.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    boolean awaitClosed() throws InterruptedException {
        return closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Ends the TCP connection without a word. */
    void drop() {
        ((org.eclipse.jetty.http2.HTTP2Session) session).getEndPoint().close();
    }

    @Override
    public void close() throws IOException {
        try {
            client.stop();
        } catch (Exception failure) {
            throw new IOException("client does not stop", failure);
        }
    }

    private static final class AskingForHttp2 extends SslContextFactory.Client {
        AskingForHttp2() {
            setSslContext(TestCertificates.get().trustingClient());
            setEndpointIdentificationAlgorithm(null);
        }

        @Override
        public void customize(SSLEngine engine) {
            super.customize(engine);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            engine.setSSLParameters(parameters);
        }
    }

    private final class Connection implements Session.Listener {
        @Override
        public Map<Integer, Integer> onPreface(Session opened) {
            return Map.of(SettingsFrame.INITIAL_WINDOW_SIZE, STREAM_WINDOW_BYTES);
        }

        @Override
        public void onGoAway(Session ended, GoAwayFrame frame) {
            goAway.countDown();
        }

        @Override
        public void onClose(Session ended, GoAwayFrame frame, Callback callback) {
            goAway.countDown();
            closed.countDown();
            callback.succeeded();
        }

        @Override
        public void onFailure(Session failed, Throwable failure, Callback callback) {
            closed.countDown();
            callback.succeeded();
        }
    }

    /** One stream. Each event that comes is a line of text: {@code 200}, {@code data …}, {@code trailers}, {@code reset …}. */
    static final class Exchange implements Stream.Listener {
        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
        private final StringBuilder body = new StringBuilder();
        private volatile Stream stream;
        private volatile MetaData.Response head;
        private volatile HttpFields trailers;

        /** Waits for the next thing that comes. */
        String next() throws InterruptedException {
            String event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return event == null ? "nothing" : event;
        }

        MetaData.Response head() {
            return head;
        }

        HttpFields trailers() {
            return trailers;
        }

        /** Lets the next data come. */
        void read() {
            stream.demand();
        }

        /** Reads to the end; returns the body, and behind a bar how it ended. */
        String readAll() throws InterruptedException {
            while (true) {
                String event = next();
                if (event.startsWith("data ")) {
                    body.append(event.substring("data ".length()));
                    stream.demand();
                } else if (!event.matches("\\d+")) {
                    return body + "|" + event;
                } else {
                    stream.demand();
                }
            }
        }

        /** Reads until so many characters of body have come. */
        String readData(int length) throws InterruptedException {
            StringBuilder data = new StringBuilder();
            while (data.length() < length) {
                read();
                String event = next();
                if (!event.startsWith("data ")) {
                    return data + "|" + event;
                }
                data.append(event.substring("data ".length()));
            }
            return data.toString();
        }

        void send(String text, boolean isLast) throws Exception {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
            stream.data(new DataFrame(stream.getId(), bytes, isLast)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        void sendTrailers(String name, String value) throws Exception {
            MetaData fields =
                    new MetaData(HttpVersion.HTTP_2, HttpFields.build().add(name, value));
            stream.headers(new HeadersFrame(stream.getId(), fields, null, true))
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        void cancel() {
            stream.reset(new ResetFrame(stream.getId(), ErrorCode.CANCEL_STREAM_ERROR.code), Callback.NOOP);
        }

        @Override
        public void onHeaders(Stream answered, HeadersFrame frame) {
            if (frame.getMetaData() instanceof MetaData.Response response) {
                if (response.getStatus() >= 200) {
                    head = response;
                }
                events.add(Integer.toString(response.getStatus()));
            } else {
                // Told of behind the data, which may not have been read yet.
                trailers = frame.getMetaData().getHttpFields();
                return;
            }
            if (frame.isEndStream()) {
                events.add("end");
            }
        }

        @Override
        public void onDataAvailable(Stream answered) {
            Stream.Data data = answered.readData();
            if (data == null) {
                answered.demand();
                return;
            }
            ByteBuffer bytes = data.frame().getByteBuffer();
            if (bytes.hasRemaining()) {
                events.add("data " + StandardCharsets.ISO_8859_1.decode(bytes));
            }
            boolean isEnd = data.frame().isEndStream();
            data.release();
            if (isEnd) {
                events.add(trailers == null ? "end" : "trailers");
            }
        }

        @Override
        public void onReset(Stream torn, ResetFrame frame, Callback callback) {
            events.add("reset " + ErrorCode.from(frame.getError()));
            callback.succeeded();
        }

        @Override
        public void onFailure(Stream failed, int error, String reason, Throwable failure, Callback callback) {
            events.add("failure " + reason);
            callback.succeeded();
        }
    }
}
