package dev.aiproxy.it;

import static dev.aiproxy.it.ProxyErrors.assertProxyError;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that the upstream closes under a request: sent again where that is safe, and never where it is not. */
final class ReplayIT {
    private static final int CLIENTS = 4;
    private static final int POSTS_EACH = 750;

    private static final long ROUND_TRIP_NANOS = 150_000_000;

    private static final int MOST_NANOS_BETWEEN = 6_000_000;

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private Step breaking(String how) {
        return how.equals("FIN") ? new Step.Fin() : new Step.Reset();
    }

    private RawClient warm() throws IOException {
        RawClient client = proxy.get("/warm");
        assertThat(client.readResponse().status()).isEqualTo(200);
        proxy.awaitFreeConnections();
        return client;
    }

    @Test
    void losesNoneOfThreeThousandPostsToConnectionsThatEnd() throws Exception {
        try (FickleUpstream upstream = FickleUpstream.start(7, FickleUpstream.Manner.FIN)) {
            List<String> lost = postThreeThousand(upstream);

            assertThat(lost).isEmpty();
            assertEachRead(upstream, 1, 1);
        }
    }

    /** A reset may come from a server that has read the request; so it costs an error rather than being paid twice. */
    @Test
    void repeatsNoneOfThreeThousandPostsToConnectionsThatAreReset() throws Exception {
        try (FickleUpstream upstream = FickleUpstream.start(8, FickleUpstream.Manner.ANY)) {
            List<String> lost = postThreeThousand(upstream);

            assertThat(lost)
                    .allMatch(answer -> answer.contains("\"upstream_closed\""))
                    .hasSizeLessThan(CLIENTS * POSTS_EACH / 50);
            assertEachRead(upstream, 0, 1);
        }
    }

    private List<String> postThreeThousand(FickleUpstream upstream) throws Exception {
        proxy.target(upstream.uri());
        ConcurrentLinkedQueue<String> lost = new ConcurrentLinkedQueue<>();
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int number = 0; number < CLIENTS; number++) {
            String prefix = number + "-";
            RawClient client = proxy.connect();
            running.add(Background.run(() -> postAll(client, prefix, lost)));
        }
        for (CompletableFuture<Void> one : running) {
            one.get(1, TimeUnit.MINUTES);
        }
        System.out.printf(
                "POSTs: %d, idle connections ended: %d, sent again: %d, lost: %d%n",
                CLIENTS * POSTS_EACH,
                upstream.idleCloses(),
                proxy.proxy().stats().replays(),
                lost.size());
        return List.copyOf(lost);
    }

    private void postAll(RawClient first, String prefix, ConcurrentLinkedQueue<String> lost) throws IOException {
        Random random = new Random(prefix.hashCode());
        RawClient client = first;
        for (int number = 0; number < POSTS_EACH; number++) {
            LockSupport.parkNanos(random.nextInt(MOST_NANOS_BETWEEN));
            String id = prefix + number;
            try {
                RawResponse response =
                        client.send(proxy.postRequest("/paid", id)).readResponse();
                if (!response.text().equals(id)) {
                    lost.add(id + ": " + response.text());
                }
            } catch (IOException | AssertionError unanswered) {
                lost.add(id + ": " + unanswered.getMessage());
                client = RawClient.connect(proxy.proxy().address());
            }
        }
    }

    private static void assertEachRead(FickleUpstream upstream, int least, int most) {
        for (int client = 0; client < CLIENTS; client++) {
            for (int number = 0; number < POSTS_EACH; number++) {
                String id = client + "-" + number;
                assertThat(upstream.timesRead(id))
                        .as("how often the upstream got %s", id)
                        .isBetween(least, most);
            }
        }
    }

    /** What proves that the upstream has read nothing takes as long as a round trip to come. */
    @Test
    void sendsAgainWhatALateResetProvesUnread() throws IOException {
        try (ServerSocket upstream = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
            upstream.setSoTimeout((int) Eventually.PATIENCE.toMillis());
            proxy.target(URI.create("http://127.0.0.1:" + upstream.getLocalPort()));
            RawClient client = proxy.get("/warm");
            Socket first = upstream.accept();
            answerNext(first);
            client.readResponse();
            proxy.awaitFreeConnections();

            client.send(proxy.postRequest("/late", "{}"));
            InputStream unread = first.getInputStream();
            Eventually.await("the request to arrive", () -> isReadable(unread));
            first.shutdownOutput();
            LockSupport.parkNanos(ROUND_TRIP_NANOS);
            first.close();

            try (Socket second = upstream.accept()) {
                answerNext(second);
                assertThat(client.readResponse().status()).isEqualTo(200);
            }
            assertThat(proxy.proxy().stats().replays()).isEqualTo(1);
        }
    }

    private static boolean isReadable(InputStream in) {
        try {
            return in.available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answerNext(Socket connection) throws IOException {
        WireReader wire = new WireReader(connection.getInputStream());
        MessageHead head = wire.head().orElseThrow();
        wire.exactly(head.contentLength().orElse(0L).intValue());
        connection.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII));
    }

    @ParameterizedTest
    @CsvSource({"POST,0,FIN", "POST,0,RST", "POST,1,FIN", "POST,1,RST", "POST,6000,FIN", "POST,6000,RST", "PUT,1,RST"})
    void repeatsNoBodyOfWhichTheUpstreamHasReadAny(String method, int bytesRead, String how) throws IOException {
        proxy.upstream()
                .enqueue(Answers.ok(), Script.of(new Step.ReadBodyBytes(bytesRead), breaking(how)), Answers.ok());
        RawClient client = warm();

        client.send(proxy.postRequest("/paid", "x".repeat(6000)).replaceFirst("POST", method));

        assertProxyError(client.readResponse(), 502, "upstream_closed");
        assertThat(proxy.upstream().requests()).hasSize(2);
        assertThat(proxy.proxy().stats().replays()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"GET,FIN", "GET,RST", "DELETE,FIN", "OPTIONS,RST"})
    void repeatsWhatMayBeRepeatedAndMeetsAClosingConnection(String method, String how) throws IOException {
        proxy.upstream()
                .enqueue(Answers.ok(), Script.of(new Step.ReadBody(), breaking(how)), Answers.json(200, "again"));
        RawClient client = warm();

        client.send(proxy.getRequest("/again").replaceFirst("GET", method));

        assertThat(client.readResponse().text()).isEqualTo("again");
        assertThat(proxy.upstream().requests()).hasSize(3);
        assertThat(proxy.proxy().stats().replays()).isEqualTo(1);
    }

    @Test
    void repeatsNothingThatAFreshConnectionHasSwallowed() throws IOException {
        proxy.upstream().enqueue(Script.of(new Step.ReadBody(), new Step.Fin()), Answers.ok());

        assertProxyError(proxy.get("/once").readResponse(), 502, "upstream_closed");

        assertThat(proxy.upstream().requests()).hasSize(1);
    }

    @Test
    void repeatsNothingWhoseAnswerHasBegun() throws IOException {
        proxy.upstream()
                .enqueue(
                        Answers.ok(),
                        Script.of(new Step.ReadBody(), Step.send("HTTP/1.1 200 OK\r\nA: b\r\n"), new Step.Fin()),
                        Answers.ok());
        RawClient client = warm();

        client.send(proxy.postRequest("/begun", "{}"));

        assertProxyError(client.readResponse(), 502, "upstream_bad_response");
        assertThat(proxy.upstream().requests()).hasSize(2);
    }

    /** The client has had the hint already, and would have it twice. */
    @Test
    void repeatsNothingThatWasHintedAt() throws IOException {
        proxy.upstream()
                .enqueue(
                        Answers.ok(),
                        Script.of(Step.head("HTTP/1.1 103 Early Hints", "Link: </a>"), new Step.Fin()),
                        Answers.ok());
        RawClient client = warm();

        client.send(proxy.getRequest("/hinted"));

        assertThat(client.readHead().status()).isEqualTo(103);
        assertThat(client.readHead().status()).isEqualTo(502);
        assertThat(proxy.upstream().requests()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FIN", "RST"})
    void repeatsNoBodyThatIsLargerThanItsBuffer(String how) throws IOException {
        proxy.with(builder -> builder.replayBuffer(1024));
        proxy.upstream().enqueue(Answers.ok(), Script.of(new Step.ReadBodyBytes(4096), breaking(how)), Answers.ok());
        RawClient client = warm();

        client.send(proxy.postRequest("/large", "x".repeat(8192)));

        assertProxyError(client.readResponse(), 502, "upstream_closed");
        assertThat(proxy.upstream().requests()).hasSize(2);
    }

    @Test
    void sendsALargeBodyThatMeetsAClosedConnectionToAnother() throws IOException {
        proxy.with(builder -> builder.replayBuffer(0));
        proxy.upstream().enqueue(Answers.okThenClose(), Answers.ok());
        RawClient client = warm();
        proxy.upstream().awaitConnection(1).awaitEnd(Eventually.PATIENCE);

        client.send(proxy.postRequest("/large", "x".repeat(100_000)));

        assertThat(client.readResponse().status()).isEqualTo(200);
        assertThat(proxy.upstream().requests().get(1).bodyBytes()).isEqualTo(100_000);
    }

    @Test
    void tellsAtOnceThatAnUpstreamIsDownAfterItsConnectionsHaveEnded() throws IOException {
        proxy.upstream().enqueue(Answers.ok());
        RawClient client = warm();
        proxy.upstream().close();

        client.send(proxy.postRequest("/down", "{}"));

        assertProxyError(client.readResponse(), 502, "upstream_connect_refused");
        assertThat(proxy.proxy().stats().replays()).isLessThanOrEqualTo(3);
    }

    @Test
    void failsNoMoreRequestsThanConnectionsFailed() throws Exception {
        int requests = 40;
        proxy.to(ScriptedUpstream.tls(TestCertificates.get().localhost()))
                .with(builder -> builder.targetCa(List.of(TestCertificates.get().authority())));
        proxy.upstream().answer(request -> Answers.ok());
        proxy.upstream().greet(Script.of(new Step.Reset()));
        List<RawClient> clients = new ArrayList<>();
        for (int number = 0; number < requests; number++) {
            clients.add(proxy.get("/" + number));
            if (number == 10) {
                proxy.upstream().greet(Script.of());
            }
        }

        int failed = 0;
        for (RawClient client : clients) {
            failed += client.readResponse().status() == 200 ? 0 : 1;
        }

        long refused = proxy.upstream().connections().stream()
                .filter(connection -> connection.requests().isEmpty())
                .count();
        assertThat((long) failed).isLessThanOrEqualTo(refused).isLessThan(requests - 10);
    }

    @Test
    void answersEveryRequestWhileTheUpstreamIsAwayForAMoment() throws Exception {
        int port = proxy.upstream().port();
        List<RawClient> clients = new ArrayList<>();
        for (int number = 0; number < 60; number++) {
            clients.add(proxy.connect());
        }
        proxy.upstream().close();
        for (RawClient client : clients.subList(0, 30)) {
            client.send(proxy.getRequest("/away"));
        }
        for (RawClient client : clients.subList(0, 30)) {
            assertProxyError(client.readResponse(), 502, "upstream_connect_refused");
        }

        proxy.to(ScriptedUpstream.plain(port)).upstream().answer(request -> Answers.ok());

        for (RawClient client : clients) {
            assertThat(client.send(proxy.getRequest("/back")).readResponse().status())
                    .isEqualTo(200);
        }
    }
}
