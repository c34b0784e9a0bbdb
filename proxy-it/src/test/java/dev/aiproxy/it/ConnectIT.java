package dev.aiproxy.it;

import static dev.aiproxy.it.ProxyErrors.assertProxyError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ForwardRule;
import dev.aiproxy.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tunnel is a wire: bytes, silence, ends and resets go through as they are, and a peer that leaves takes the other along. */
@Timeout(60)
final class ConnectIT {
    private static final Duration PROMPT = Duration.ofMillis(300);
    private static final int TUNNELS = 100;
    private static final int BIG = 8 * 1024 * 1024;

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private final List<RawClient> opened = new ArrayList<>();
    private ServerSocket listener;

    @BeforeEach
    void listen() throws IOException {
        listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        proxy.with(builder -> builder.forwardAllow(List.of(ForwardRule.of(authority()))));
    }

    @AfterEach
    void close() throws IOException {
        for (RawClient peer : opened) {
            peer.close();
        }
        listener.close();
    }

    private String authority() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    private String connectRequest() {
        return "CONNECT " + authority() + " HTTP/1.1\r\nHost: " + authority() + "\r\n\r\n";
    }

    private RawClient tunnel() throws IOException {
        RawClient client = proxy.connect().send(connectRequest());
        assertThat(client.readHead().status()).isEqualTo(200);
        return client;
    }

    private RawClient accept() throws IOException {
        RawClient upstream = RawClient.accept(listener);
        opened.add(upstream);
        return upstream;
    }

    private static void expectWire(RawClient one, RawClient other) throws IOException {
        one.send("to and");
        assertThat(other.readRaw(6)).isEqualTo("to and");
        other.send("\u0000\u00ff fro");
        assertThat(one.readRaw(6)).isEqualTo("\u0000\u00ff fro");
    }

    private void expectEndOf(RawClient peer, Ending ending) throws IOException {
        long begin = System.nanoTime();
        assertThat(peer.readToEnd()).isEqualTo(ending);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(PROMPT);
    }

    @Test
    void answersWithTheStatusLineAlone() throws IOException {
        RawClient client = proxy.connect().send(connectRequest());

        assertThat(client.readHead().text()).isEqualTo("HTTP/1.1 200 Connection Established\r\n\r\n");
    }

    @Test
    void letsBytesThroughBothWays() throws IOException {
        RawClient client = tunnel();

        expectWire(client, accept());
    }

    @Test
    void answersHttp10ClientsWithoutHost() throws IOException {
        RawClient client = proxy.connect().send("CONNECT " + authority() + " HTTP/1.0\r\n\r\n");

        assertThat(client.readHead().status()).isEqualTo(200);
        expectWire(client, accept());
    }

    @Test
    void reachesTheTargetWithoutARule() throws IOException {
        String authority = proxy.upstream().authority();
        proxy.upstream().enqueue(Answers.ok());

        RawClient client = proxy.connect().send("CONNECT " + authority + " HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(client.readHead().status()).isEqualTo(200);

        assertThat(client.send("GET /inside HTTP/1.1\r\nhOst: mine\r\n\r\n")
                        .readResponse()
                        .status())
                .isEqualTo(200);
        assertThat(proxy.upstream().takeRequest().head().text())
                .isEqualTo("GET /inside HTTP/1.1\r\nhOst: mine\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5_000, 40_000})
    void losesNoByteThatFollowsTheRequestAtOnce(int length) throws IOException {
        String early = "e".repeat(length);

        RawClient client = proxy.connect().send(connectRequest() + early);
        assertThat(client.readHead().status()).isEqualTo(200);

        RawClient upstream = accept();
        assertThat(upstream.readRaw(length)).isEqualTo(early);
        expectWire(client, upstream);
    }

    @Test
    void losesNoByteThatTheUpstreamSendsFirst() throws IOException {
        RawClient client = proxy.connect().send(connectRequest());

        accept().send("220 hello").fin();

        assertThat(client.readHead().status()).isEqualTo(200);
        assertThat(client.readRaw(9)).isEqualTo("220 hello");
    }

    @Test
    void passesAHalfCloseOfTheClientOn() throws IOException {
        RawClient client = tunnel();
        RawClient upstream = accept();

        client.send("question").halfClose();

        assertThat(upstream.readRaw(8)).isEqualTo("question");
        expectEndOf(upstream, Ending.FIN);
        upstream.send("answer").fin();
        assertThat(client.readRaw(6)).isEqualTo("answer");
        expectEndOf(client, Ending.FIN);
        proxy.expectEnd(Outcome.COMPLETED);
    }

    @Test
    void passesAHalfCloseOfTheUpstreamOn() throws IOException {
        RawClient client = tunnel();
        RawClient upstream = accept();

        upstream.send("answer").halfClose();

        assertThat(client.readRaw(6)).isEqualTo("answer");
        expectEndOf(client, Ending.FIN);
        client.send("more").fin();
        assertThat(upstream.readRaw(4)).isEqualTo("more");
        expectEndOf(upstream, Ending.FIN);
        proxy.expectEnd(Outcome.COMPLETED);
    }

    @Test
    void passesAResetOfTheClientOn() throws IOException {
        RawClient client = tunnel();
        RawClient upstream = accept();
        expectWire(client, upstream);

        client.reset();

        expectEndOf(upstream, Ending.RST);
        proxy.expectEnd(Outcome.CLIENT_GONE);
    }

    @Test
    void passesAResetOfTheUpstreamOn() throws IOException {
        RawClient client = tunnel();
        RawClient upstream = accept();
        expectWire(client, upstream);

        upstream.reset();

        expectEndOf(client, Ending.RST);
        proxy.expectEnd(Outcome.UPSTREAM_CUT);
    }

    @Test
    void passesAResetOnThatComesWhileNobodyTakesTheClientsBytes() throws IOException {
        RawClient client = tunnel();
        RawClient upstream = accept();
        expectWire(client, upstream);
        stall(client);

        client.reset();

        proxy.expectEnd(Outcome.CLIENT_GONE);
        assertThat(upstream.readToEnd()).isEqualTo(Ending.RST);
    }

    @Test
    void passesAResetOnThatComesWhileNobodyTakesTheUpstreamsBytes() throws IOException {
        RawClient client = tunnel();
        RawClient upstream = accept();
        expectWire(client, upstream);
        stall(upstream);

        upstream.reset();

        proxy.expectEnd(Outcome.UPSTREAM_CUT);
        assertThat(client.readToEnd()).isEqualTo(Ending.RST);
    }

    /** Sends until the other side's buffers are full, which shows in that a send does not come back. */
    private static void stall(RawClient sender) {
        CompletableFuture<Void> sends = CompletableFuture.runAsync(() -> pour(sender, 64L * 1024 * 1024));
        CompletableFuture<Boolean> inTime = sends.thenApply(done -> true).completeOnTimeout(false, 1, TimeUnit.SECONDS);
        assertThat(inTime.join()).as("all was taken").isFalse();
    }

    private static void pour(RawClient sender, long bytes) {
        byte[] block = new byte[64 * 1024];
        try {
            for (long position = 0; position < bytes; position += block.length) {
                Pattern.fill(block, position);
                sender.send(block);
            }
        } catch (IOException stopped) {
            // The test has ended it.
            return;
        }
    }

    @Test
    void holdsBackAPeerThatTheOtherDoesNotRead() throws IOException {
        RawClient client = tunnel();
        RawClient upstream = accept();
        expectWire(client, upstream);
        stall(upstream);

        // The other way is free all the same.
        client.send("still");

        assertThat(upstream.readRaw(5)).isEqualTo("still");
    }

    @Test
    void carriesManyBytesBothWaysAtOnce() throws IOException {
        RawClient client = tunnel();
        RawClient upstream = accept();

        CompletableFuture<Void> up = CompletableFuture.runAsync(() -> pour(client, BIG));
        CompletableFuture<Void> down = CompletableFuture.runAsync(() -> pour(upstream, BIG));
        CompletableFuture<Void> taken = CompletableFuture.runAsync(() -> expectPoured(upstream));
        expectPoured(client);

        CompletableFuture.allOf(up, down, taken).join();
    }

    private static void expectPoured(RawClient receiver) {
        byte[] expected = new byte[64 * 1024];
        try {
            for (int position = 0; position < BIG; position += expected.length) {
                Pattern.fill(expected, position);
                assertThat(receiver.readRaw(expected.length).getBytes(StandardCharsets.ISO_8859_1))
                        .isEqualTo(expected);
            }
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void livesThroughSilencesThatEndOtherConnections() throws IOException {
        proxy.with(builder -> builder.clientIdleTimeout(Duration.ofMillis(200)));
        RawClient client = tunnel();
        RawClient upstream = accept();
        expectWire(client, upstream);

        assertThat(client.isQuiet(Duration.ofMillis(1000))).isTrue();

        expectWire(client, upstream);
    }

    @Test
    void endsAfterASilenceOfTheStreamIdleTimeout() throws IOException {
        proxy.with(builder -> builder.streamIdleTimeout(Duration.ofMillis(300)));
        RawClient client = tunnel();
        RawClient upstream = accept();

        assertThat(client.readToEnd()).isEqualTo(Ending.RST);
        assertThat(upstream.readToEnd()).isEqualTo(Ending.RST);
        assertThat(proxy.expectEnd(Outcome.TIMED_OUT).errorCode()).contains("upstream_idle_timeout");
    }

    @Test
    void answers502WhenNobodyListens() throws IOException {
        listener.close();

        RawClient client = proxy.connect().send(connectRequest() + "early");

        assertProxyError(client.readResponse(), 502, "upstream_connect_refused");
        expectEndOf(client, Ending.FIN);
        proxy.expectEnd(Outcome.UPSTREAM_FAILED);
    }

    @Test
    void answers502WhenTheNameIsUnknown() throws IOException {
        proxy.with(builder -> builder.forwardAllow(List.of(ForwardRule.of("nowhere.invalid"))));

        RawClient client = proxy.connect().send("CONNECT nowhere.invalid:443 HTTP/1.1\r\nHost: x\r\n\r\n");

        assertProxyError(client.readResponse(), 502, "upstream_unknown_host");
    }

    @Test
    void answers504WhenNoConnectionComesAbout() throws IOException {
        try (BlackHole hole = BlackHole.open()) {
            URI uri = hole.uri();
            proxy.with(builder ->
                    builder.connectTimeout(PROMPT).forwardAllow(List.of(ForwardRule.of(uri.getAuthority()))));

            RawClient client = proxy.connect().send("CONNECT " + uri.getAuthority() + " HTTP/1.1\r\nHost: x\r\n\r\n");

            assertProxyError(client.readResponse(), 504, "upstream_connect_timeout");
            proxy.expectEnd(Outcome.TIMED_OUT);
        }
    }

    @Test
    void seesAClientLeaveThatWaitsForTheConnection() throws IOException {
        try (BlackHole hole = BlackHole.open()) {
            URI uri = hole.uri();
            proxy.with(builder -> builder.forwardAllow(List.of(ForwardRule.of(uri.getAuthority()))));

            proxy.connect()
                    .send("CONNECT " + uri.getAuthority() + " HTTP/1.1\r\nHost: x\r\n\r\n")
                    .fin();

            proxy.expectEnd(Outcome.CLIENT_GONE);
        }
    }

    @Test
    void answers400ToAConnectWithABody() throws IOException {
        RawClient client =
                proxy.connect().send("CONNECT " + authority() + " HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");

        assertProxyError(client.readResponse(), 400, "bad_request");
    }

    /** What follows may be meant for a tunnel that there is not; to be taken for requests is what an attacker would want. */
    @Test
    void readsNothingBehindAConnectThatItRefused() throws IOException {
        RawClient client = proxy.connect()
                .send("CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: x\r\n\r\n" + proxy.getRequest("/smuggled"));

        RawResponse response = client.readResponse();

        assertProxyError(response, 403, "forward_not_allowed");
        assertThat(response.head().value("Connection")).contains("close");
        assertThat(client.readToEnd()).isIn(Ending.FIN, Ending.RST);
        assertThat(proxy.upstream().connections()).isEmpty();
    }

    @Test
    void tellsListenersOfATunnelAsOfAnyExchange() throws IOException {
        RawClient client = tunnel();
        RawClient upstream = accept();
        assertThat(proxy.proxy().inFlight()).hasSize(1);
        client.send("12345");
        upstream.readRaw(5);
        upstream.send("123");
        client.readRaw(3);
        client.fin();
        upstream.fin();

        ExchangeEnd end = proxy.expectEnd(Outcome.COMPLETED);

        assertThat(end.exchange().method()).isEqualTo("CONNECT");
        assertThat(end.exchange().path()).isEqualTo(authority());
        assertThat(end.requestBytes()).isEqualTo(5);
        assertThat(end.responseBytes()).isEqualTo(3);
        assertThat(proxy.listener().events())
                .containsExactly("1 request", "1 response 200", "1 first byte", "1 end COMPLETED");
        Eventually.await(
                "nothing to be in flight", () -> proxy.proxy().inFlight().isEmpty());
    }

    @Test
    void countsTunnelsAmongTheStreamsThatAreLimited() throws IOException {
        proxy.with(builder -> builder.maxStreams(1));
        RawClient first = tunnel();
        RawClient upstream = accept();

        assertProxyError(proxy.connect().send(connectRequest()).readResponse(), 503, "too_many_streams");
        first.reset();
        proxy.listener().awaitEnd(2);

        expectEndOf(upstream, Ending.RST);
        Eventually.await(
                "nothing to be in flight", () -> proxy.proxy().inFlight().isEmpty());
        expectWire(tunnel(), accept());
    }

    @Test
    void goesOnWhileTheProxyDrains() throws IOException {
        RawClient client = tunnel();
        RawClient upstream = accept();
        CompletableFuture<Boolean> drained =
                CompletableFuture.supplyAsync(() -> proxy.proxy().drain(Duration.ofSeconds(10)));
        // Longer than the second that Jetty grants idle connections then.
        assertThat(client.isQuiet(Duration.ofMillis(1500))).isTrue();

        expectWire(client, upstream);
        client.fin();
        upstream.fin();

        assertThat(drained.join()).isTrue();
        proxy.expectEnd(Outcome.COMPLETED);
    }

    @Test
    void isCutWhenTheDrainTimeIsOver() throws IOException {
        RawClient client = tunnel();
        RawClient upstream = accept();

        proxy.proxy().close();

        assertThat(client.readToEnd()).isEqualTo(Ending.RST);
        assertThat(upstream.readToEnd()).isEqualTo(Ending.RST);
        proxy.expectEnd(Outcome.SHUT_DOWN);
    }

    @Test
    void answers508ToARequestThatComesBackThroughATunnel() throws IOException {
        int port = proxy.proxy().address().getPort();
        proxy.proxy().retarget(URI.create("http://127.0.0.1:" + port));

        RawClient client = proxy.connect().send("CONNECT 127.0.0.1:" + port + " HTTP/1.1\r\nHost: x\r\n\r\n");

        assertProxyError(client.readResponse(), 508, "request_loop");
    }

    @Test
    void carriesManyTunnelsAtOnce() throws IOException {
        List<RawClient> clients = new ArrayList<>();
        List<RawClient> upstreams = new ArrayList<>();
        for (int number = 0; number < TUNNELS; number++) {
            clients.add(tunnel());
            upstreams.add(accept());
        }

        for (int number = 0; number < TUNNELS; number++) {
            expectWire(clients.get(number), upstreams.get(number));
        }
    }
}
