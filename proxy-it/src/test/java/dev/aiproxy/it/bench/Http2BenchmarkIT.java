package dev.aiproxy.it.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.ForwardProxy;
import dev.aiproxy.ForwardProxyBuilder;
import dev.aiproxy.TargetHttpVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The benchmark's client and its upstream, with our proxy between them or without. */
final class Http2BenchmarkIT {
    private static final long A_MOMENT_NANOS = Duration.ofMillis(300).toNanos();
    private static final long LONGEST_NANOS = Duration.ofSeconds(20).toNanos();
    private static final ClientProtocol FOUR_EACH = ClientProtocol.h2c(4);

    @TempDir
    Path folder;

    private final Client client = Client.open(FOUR_EACH);
    private Optional<StubProcess> stub = Optional.empty();
    private Optional<ForwardProxy> proxy = Optional.empty();
    private InetSocketAddress address;

    Http2BenchmarkIT() throws IOException {}

    @AfterEach
    void close() throws IOException {
        client.close();
        proxy.ifPresent(ForwardProxy::close);
        stub.ifPresent(StubProcess::close);
    }

    @ParameterizedTest
    @EnumSource
    void answersRequestsOnStreamsOfFewConnections(Way way) throws Exception {
        open(way);

        try (RequestLoad load = RequestLoad.open(client, address, Request.json(), 10, 0)) {
            long answers = answers(load, 30);

            assertThat(load.failures()).isEmpty();
            assertThat(answers).isGreaterThanOrEqualTo(30);
        }
    }

    @ParameterizedTest
    @EnumSource
    void streamsEventsOnEachStream(Way way) throws Exception {
        open(way);

        try (StreamLoad load = new StreamLoad(client, address)) {
            load.open(10, Request.stream(10_000, 100_000));
            long events = load.record(A_MOMENT_NANOS).events()
                    + load.record(A_MOMENT_NANOS).events();

            assertThat(load.failures()).isEmpty();
            assertThat(load.answered()).isEqualTo(10);
            assertThat(events).isGreaterThanOrEqualTo(10);
        }
    }

    @ParameterizedTest
    @EnumSource
    void movesBodiesLargerThanAnyWindow(Way way) throws Exception {
        open(way);

        for (Request request : List.of(Request.upload(3_000_000), Request.download(3_000_000))) {
            try (RequestLoad load = RequestLoad.open(client, address, request, 2, 0)) {
                long answers = answers(load, 3);

                assertThat(load.failures()).isEmpty();
                assertThat(answers).isGreaterThanOrEqualTo(3);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsTheUpstreamOfAStreamThatIsReset(Way way) throws Exception {
        open(way);
        Lane lane = openQuietStream(1);

        lane.reset();

        assertThat(stub.orElseThrow().awaitGone(1, LONGEST_NANOS)).isPresent();
    }

    @ParameterizedTest
    @EnumSource
    void keepsTheConnectionOfAStreamThatIsReset(Way way) throws Exception {
        open(way);
        FirstPiece other = new FirstPiece();
        Answer answer = new Answer();
        openQuietStream(1, other);
        Lane lane = openQuietStream(2);
        // While there is room for it: no other connection will do.
        Lane beside = client.connect(address, answer);

        lane.reset();
        assertThat(stub.orElseThrow().awaitGone(2, LONGEST_NANOS)).isPresent();
        beside.send(Request.json());
        client.loop().runUntil(System.nanoTime() + LONGEST_NANOS, () -> !answer.end.isEmpty());

        assertThat(answer.end).isEqualTo("answered");
        assertThat(other.failure()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void tellsTheUpstreamOfAConnectionThatCloses(Way way) throws Exception {
        open(way);
        Lane lane = openQuietStream(1);

        lane.close();
        // A channel is really closed by the next look at its selector.
        client.loop().runFor(1_000_000);

        assertThat(stub.orElseThrow().awaitGone(1, LONGEST_NANOS)).isPresent();
    }

    @Test
    void opensMoreConnectionsForMoreStreamsThanTheUpstreamTakesOnOne() throws Exception {
        open(Way.DIRECT);
        int more = Http2Greeting.MOST_STREAMS + 10;

        try (Client all = Client.open(ClientProtocol.h2c(more));
                StreamLoad load = new StreamLoad(all, address)) {
            load.open(more, Request.quietStream(0));

            assertThat(load.failures()).isEmpty();
            assertThat(load.answered()).isEqualTo(more);
        }
    }

    @Test
    void failsAllStreamsOfAConnectionThatEnds() throws Exception {
        open(Way.DIRECT);
        StreamLoad load = new StreamLoad(client, address);
        load.open(3, Request.quietStream(0));

        stub.orElseThrow().close();
        client.loop().runUntil(System.nanoTime() + LONGEST_NANOS, () -> !load.failures()
                .isEmpty());

        assertThat(load.failures()).startsWith("3 streams failed: ");
    }

    @Test
    void saysWhichStatusCameInsteadOfAnAnswer() throws Exception {
        open(Way.PROXY_TO_HTTP_1_1);
        stub.orElseThrow().close();

        try (RequestLoad load = RequestLoad.open(client, address, Request.json(), 1, 0)) {
            answers(load, 1);

            assertThat(load.failures()).isEqualTo("1 exchange failed: status 502");
        }
    }

    private Lane openQuietStream(long tag) throws IOException {
        return openQuietStream(tag, new FirstPiece());
    }

    private Lane openQuietStream(long tag, FirstPiece first) throws IOException {
        Lane lane = client.connect(address, first);
        lane.send(Request.quietStream(tag));
        client.loop().runUntil(System.nanoTime() + LONGEST_NANOS, first::cameOrFailed);
        assertThat(first.failure()).isEmpty();
        return lane;
    }

    /** As many as are wanted, or as come before something fails or takes too long. */
    private static long answers(RequestLoad load, int wanted) throws IOException {
        long deadline = System.nanoTime() + LONGEST_NANOS;
        long answers = 0;
        while (answers < wanted && load.failures().isEmpty() && System.nanoTime() - deadline < 0) {
            answers += load.record(A_MOMENT_NANOS).count();
        }
        return answers;
    }

    private void open(Way way) throws Exception {
        Optional<Certificates> tls = way.overTls ? Optional.of(Certificates.makeIn(folder)) : Optional.empty();
        StubProcess upstream = StubProcess.start(tls, way.overTls);
        stub = Optional.of(upstream);
        address = new InetSocketAddress("127.0.0.1", upstream.port());
        if (way == Way.DIRECT) {
            return;
        }
        ForwardProxyBuilder builder = ForwardProxy.builder()
                .target(URI.create((way.overTls ? "https" : "http") + "://127.0.0.1:" + upstream.port()))
                .listen("127.0.0.1", 0);
        if (way.overTls) {
            builder.targetHttpVersion(TargetHttpVersion.HTTP_2)
                    .targetCa(List.of(certificate(tls.orElseThrow().certificate())));
        }
        ForwardProxy started = builder.build().start();
        proxy = Optional.of(started);
        address = new InetSocketAddress("127.0.0.1", started.address().getPort());
    }

    private static X509Certificate certificate(Path file) throws IOException, CertificateException {
        try (InputStream in = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    /** What lies between the client and the upstream. */
    enum Way {
        DIRECT(false),
        PROXY_TO_HTTP_1_1(false),
        PROXY_TO_HTTP_2(true);

        private final boolean overTls;

        Way(boolean overTls) {
            this.overTls = overTls;
        }
    }

    /** Knows how an exchange ended. */
    private static final class Answer implements Lane.Listener {
        private String end = "";

        @Override
        public void answered(Lane lane, long nowNanos) {
            end = "answered";
        }

        @Override
        public void failed(Lane lane, IOException failure) {
            end = "failed: " + failure.getMessage();
        }
    }
}
