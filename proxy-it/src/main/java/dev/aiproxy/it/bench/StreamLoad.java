package dev.aiproxy.it.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** So many open streams through one proxy. */
final class StreamLoad implements AutoCloseable {
    /** Fewer than any listener's backlog, so that opening thousands at once measures no refused connections. */
    private static final int MOST_UNANSWERED = 128;

    /** A cold JVM on a busy machine takes that long for thousands. */
    static final long LONGEST_OPENING_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Client client;
    private final InetSocketAddress proxy;
    private final List<Stream> streams = new ArrayList<>();
    private StreamFigures figures = new StreamFigures();
    private int answered;
    private final FailureCount failures = new FailureCount("stream");

    StreamLoad(Client client, InetSocketAddress proxy) {
        this.client = client;
        this.proxy = proxy;
    }

    /** Opens that many more; returns once each has its first event, or after a minute. */
    void open(int count, Request request) throws IOException {
        long deadline = System.nanoTime() + LONGEST_OPENING_NANOS;
        for (int opened = 0; opened < count; opened++) {
            Stream stream = new Stream();
            streams.add(stream);
            stream.lane = client.connect(proxy, stream);
            stream.lane.send(request);
            client.loop().runUntil(deadline, () -> unanswered() < MOST_UNANSWERED);
        }
        client.loop().runUntil(deadline, () -> unanswered() <= 0);
    }

    private int unanswered() {
        return streams.size() - answered - failures.count();
    }

    /** Judges what comes from now on for so long. */
    StreamFigures record(long nanos) throws IOException {
        figures = new StreamFigures();
        figures.startRecording();
        client.loop().runFor(nanos);
        return figures;
    }

    /** Streams whose first event came. */
    int answered() {
        return answered;
    }

    /** What went wrong first, and how often something did; empty if nothing. */
    String failures() {
        return failures.text();
    }

    @Override
    public void close() throws IOException {
        for (Stream stream : streams) {
            stream.lane.close();
        }
    }

    /** One of them. */
    private final class Stream implements Lane.Listener {
        private final EventScanner scanner = new EventScanner();
        private Lane lane;

        @Override
        public void body(Lane itself, ByteBuffer piece, long nowNanos) {
            boolean first = scanner.count() == 0;
            scanner.scan(piece, nowNanos, figures);
            if (first && scanner.count() > 0) {
                answered++;
            }
        }

        @Override
        public void answered(Lane itself, long nowNanos) throws IOException {
            throw new IOException("stream ended early");
        }

        @Override
        public void failed(Lane itself, IOException failure) {
            failures.add(failure);
        }
    }
}
