package dev.aiproxy.it;

import static dev.aiproxy.it.Promptness.assertPrompt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.ForwardRule;
import dev.aiproxy.Outcome;
import java.io.IOException;
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

/** A tunnel is a wire: bytes, silence, ends and resets go through as they are, and a peer that leaves takes the other along. */
@Timeout(60)
final class TunnelIT {
    private static final Duration PROMPT = Duration.ofMillis(300);
    private static final int TUNNELS = 100;
    private static final int BIG = 8 * 1024 * 1024;

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private RawServer server;

    @BeforeEach
    void listen() throws IOException {
        server = RawServer.open();
        proxy.with(builder -> builder.forwardAllow(List.of(ForwardRule.of(server.authority()))));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private String connectRequest() {
        return "CONNECT " + server.authority() + " HTTP/1.1\r\nHost: " + server.authority() + "\r\n\r\n";
    }

    private RawClient tunnel() throws IOException {
        RawClient client = proxy.connect().send(connectRequest());
        assertThat(client.readHead().status()).isEqualTo(200);
        return client;
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
        assertPrompt(begin, PROMPT);
    }

    @Test
    void passesAHalfCloseOfTheClientOn() throws IOException {
        RawClient client = tunnel();
        RawClient upstream = server.accept();

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
        RawClient upstream = server.accept();

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
        RawClient upstream = server.accept();
        expectWire(client, upstream);

        client.reset();

        expectEndOf(upstream, Ending.RST);
        proxy.expectEnd(Outcome.CLIENT_GONE);
    }

    @Test
    void passesAResetOfTheUpstreamOn() throws IOException {
        RawClient client = tunnel();
        RawClient upstream = server.accept();
        expectWire(client, upstream);

        upstream.reset();

        expectEndOf(client, Ending.RST);
        proxy.expectEnd(Outcome.UPSTREAM_CUT);
    }

    @Test
    void passesAResetOnThatComesWhileNobodyTakesTheClientsBytes() throws IOException {
        RawClient client = tunnel();
        RawClient upstream = server.accept();
        expectWire(client, upstream);
        stall(client);

        client.reset();

        proxy.expectEnd(Outcome.CLIENT_GONE);
        assertThat(upstream.readToEnd()).isEqualTo(Ending.RST);
    }

    @Test
    void passesAResetOnThatComesWhileNobodyTakesTheUpstreamsBytes() throws IOException {
        RawClient client = tunnel();
        RawClient upstream = server.accept();
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
        RawClient upstream = server.accept();
        expectWire(client, upstream);
        stall(upstream);

        // The other way is free all the same.
        client.send("still");

        assertThat(upstream.readRaw(5)).isEqualTo("still");
    }

    @Test
    void carriesManyBytesBothWaysAtOnce() throws IOException {
        RawClient client = tunnel();
        RawClient upstream = server.accept();

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
        RawClient upstream = server.accept();
        expectWire(client, upstream);

        assertThat(client.isQuiet(Duration.ofMillis(1000))).isTrue();

        expectWire(client, upstream);
    }

    @Test
    void endsAfterASilenceOfTheStreamIdleTimeout() throws IOException {
        proxy.with(builder -> builder.streamIdleTimeout(Duration.ofMillis(300)));
        RawClient client = tunnel();
        RawClient upstream = server.accept();

        assertThat(client.readToEnd()).isEqualTo(Ending.RST);
        assertThat(upstream.readToEnd()).isEqualTo(Ending.RST);
        assertThat(proxy.expectEnd(Outcome.TIMED_OUT).errorCode()).contains("upstream_idle_timeout");
    }

    @Test
    void goesOnWhileTheProxyDrains() throws IOException {
        RawClient client = tunnel();
        RawClient upstream = server.accept();
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
        RawClient upstream = server.accept();

        proxy.proxy().close();

        assertThat(client.readToEnd()).isEqualTo(Ending.RST);
        assertThat(upstream.readToEnd()).isEqualTo(Ending.RST);
        proxy.expectEnd(Outcome.SHUT_DOWN);
    }

    @Test
    void carriesManyTunnelsAtOnce() throws IOException {
        List<RawClient> clients = new ArrayList<>();
        List<RawClient> upstreams = new ArrayList<>();
        for (int number = 0; number < TUNNELS; number++) {
            clients.add(tunnel());
            upstreams.add(server.accept());
        }

        for (int number = 0; number < TUNNELS; number++) {
            expectWire(clients.get(number), upstreams.get(number));
        }
    }
}
