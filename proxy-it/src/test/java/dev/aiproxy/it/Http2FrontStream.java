package dev.aiproxy.it;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/** One stream of an {@link Http2Front}: two daemon threads, one for each direction, until either side ends it. */
final class Http2FrontStream implements Stream.Listener {
    private static final int PIECE_BYTES = 16 * 1024;
    private static final Set<String> HOP_BY_HOP = Set.of("connection", "keep-alive", "transfer-encoding", "upgrade");

    private final Stream stream;
    private final HeadersFrame frame;
    private final MetaData.Request request;
    private final ScriptedUpstream upstream;
    private final String ownAuthority;
    private final Semaphore available = new Semaphore(0);
    private volatile HttpFields trailers = HttpFields.EMPTY;
    private volatile Socket socket;
    private volatile boolean isOver;

    Http2FrontStream(Stream stream, HeadersFrame frame, ScriptedUpstream upstream, String ownAuthority) {
        this.stream = stream;
        this.frame = frame;
        this.request = (MetaData.Request) frame.getMetaData();
        this.upstream = upstream;
        this.ownAuthority = ownAuthority;
    }

    void start() {
        run("front-response", this::respond);
    }

    private static void run(String name, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException | ExecutionException | InterruptedException ended) {
                        // The other side is told by a close or a reset.
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private void respond() throws IOException, ExecutionException, InterruptedException {
        try (Socket connected = new Socket(InetAddress.getLoopbackAddress(), upstream.port())) {
            socket = connected;
            if (isOver) {
                return;
            }
            connected.setTcpNoDelay(true);
            send(head());
            if (!frame.isEndStream()) {
                run("front-request", this::forwardBody);
            }
            InputStream in = new BufferedInputStream(connected.getInputStream());
            readResponse(in, new WireReader(in));
            awaitEnd();
        } catch (IOException | IllegalArgumentException broken) {
            stream.reset(new ResetFrame(stream.getId(), ErrorCode.INTERNAL_ERROR.code), Callback.NOOP);
        }
    }

    /** The socket stays until the request has been sent, too. */
    private void awaitEnd() throws InterruptedException {
        while (!stream.isClosed() && !isOver) {
            Thread.sleep(1);
        }
    }

    // The request.

    private String head() {
        StringBuilder head = new StringBuilder(request.getMethod())
                .append(' ')
                .append(request.getHttpURI().getPathQuery())
                .append(" HTTP/1.1\r\nHost: ")
                .append(authority())
                .append("\r\n");
        for (HttpField field : request.getHttpFields()) {
            head.append(field.getName()).append(": ").append(field.getValue()).append("\r\n");
        }
        if (isChunked()) {
            head.append("transfer-encoding: chunked\r\n");
        }
        return head.append("\r\n").toString();
    }

    private String authority() {
        String authority = request.getHttpURI().getAuthority();
        return authority.equals(ownAuthority) ? upstream.authority() : authority;
    }

    private boolean isChunked() {
        return !frame.isEndStream() && !request.getHttpFields().contains("content-length");
    }

    private void forwardBody() throws IOException, InterruptedException {
        stream.demand();
        while (true) {
            available.acquire();
            Stream.Data data = stream.readData();
            if (data == null) {
                stream.demand();
                continue;
            }
            byte[] bytes = BufferUtil.toArray(data.frame().getByteBuffer());
            boolean isEnd = data.frame().isEndStream();
            data.release();
            forward(bytes, isEnd);
            if (isEnd) {
                return;
            }
            stream.demand();
        }
    }

    private void forward(byte[] bytes, boolean isEnd) throws IOException {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (!isChunked()) {
            send(text);
            return;
        }
        String chunk = bytes.length == 0 ? "" : Integer.toHexString(bytes.length) + "\r\n" + text + "\r\n";
        send(isEnd ? chunk + "0\r\n" + lines(trailers) + "\r\n" : chunk);
    }

    private static String lines(HttpFields fields) {
        return fields.stream()
                .map(field -> field.getName() + ": " + field.getValue() + "\r\n")
                .collect(Collectors.joining());
    }

    private void send(String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    @Override
    public void onHeaders(Stream known, HeadersFrame last) {
        trailers = last.getMetaData().getHttpFields();
    }

    @Override
    public void onDataAvailable(Stream known) {
        available.release();
    }

    // The response.

    private void readResponse(InputStream in, WireReader wire)
            throws IOException, ExecutionException, InterruptedException {
        MessageHead head = wire.head().orElseThrow(() -> new IOException("no response"));
        while (head.status() < 200) {
            sendHead(head, false);
            head = wire.head().orElseThrow(() -> new IOException("no final response"));
        }
        boolean isBodiless = request.getMethod().equals("HEAD") || head.status() == 204 || head.status() == 304;
        long length =
                isBodiless ? 0 : head.isChunked() ? -1 : head.contentLength().orElse(-1L);
        sendHead(head, length == 0);
        if (length == 0) {
            return;
        }
        if (head.isChunked()) {
            forwardChunks(in, wire);
        } else {
            forwardBytes(wire, length, true);
        }
    }

    /** Each piece as it comes, also one that is only part of a chunk. */
    private void forwardChunks(InputStream in, WireReader wire)
            throws IOException, ExecutionException, InterruptedException {
        for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
            forwardBytes(wire, size, false);
            wire.exactly(2);
        }
        List<String> lines = wire.trailers();
        if (lines.isEmpty()) {
            sendData(new byte[0], true);
            return;
        }
        MetaData last = new MetaData(HttpVersion.HTTP_2, fields(lines, Set.of()));
        stream.headers(new HeadersFrame(stream.getId(), last, null, true)).get();
    }

    private static int chunkSize(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.indexOf("\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("cut between chunks");
            }
            line.append((char) next);
        }
        return Integer.parseInt(line.substring(0, line.length() - 2), 16);
    }

    private void forwardBytes(WireReader wire, long length, boolean isAll)
            throws IOException, ExecutionException, InterruptedException {
        long left = length < 0 ? Long.MAX_VALUE : length;
        while (left > 0) {
            byte[] piece = wire.some((int) Math.min(PIECE_BYTES, left));
            if (piece.length == 0 && length >= 0) {
                throw new IOException("cut");
            }
            left = piece.length == 0 ? 0 : left - piece.length;
            sendData(piece, isAll && left == 0);
        }
    }

    private void sendHead(MessageHead head, boolean isEnd) throws ExecutionException, InterruptedException {
        Set<String> nominated = head.values("Connection").stream()
                .flatMap(value -> List.of(value.split(",")).stream())
                .map(name -> name.trim().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        MetaData.Response response =
                new MetaData.Response(head.status(), null, HttpVersion.HTTP_2, fields(head.fieldLines(), nominated));
        stream.headers(new HeadersFrame(stream.getId(), response, null, isEnd)).get();
    }

    private static HttpFields fields(List<String> lines, Set<String> nominated) {
        HttpFields.Mutable fields = HttpFields.build();
        for (String line : lines) {
            int colon = line.indexOf(':');
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            if (!HOP_BY_HOP.contains(name) && !nominated.contains(name)) {
                fields.add(name, line.substring(colon + 1).trim());
            }
        }
        return fields;
    }

    private void sendData(byte[] bytes, boolean isEnd) throws ExecutionException, InterruptedException {
        stream.data(new DataFrame(stream.getId(), ByteBuffer.wrap(bytes), isEnd))
                .get();
    }

    // The end.

    @Override
    public void onReset(Stream torn, ResetFrame reset, Callback callback) {
        end();
        callback.succeeded();
    }

    @Override
    public void onFailure(Stream failed, int error, String reason, Throwable failure, Callback callback) {
        end();
        callback.succeeded();
    }

    private void end() {
        isOver = true;
        available.release();
        Socket connected = socket;
        if (connected != null) {
            try {
                connected.close();
            } catch (IOException closedAlready) {
                // As it is meant to be.
            }
        }
    }

    /** What a thread does until it is done or the stream is over. */
    private interface Task {
        void run() throws IOException, ExecutionException, InterruptedException;
    }
}
