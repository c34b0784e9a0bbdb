package dev.aiproxy.it;

import static dev.aiproxy.it.Promptness.assertPrompt;
import static dev.aiproxy.it.ProxyErrors.assertProxyError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ForwardProxyBuilder;
import dev.aiproxy.Outcome;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * AI servers that stall or flood: each is bounded, and a stream of the same proxy goes on as before. The stream stays with
 * the upstream it began with while the proxy is turned towards the bad one.
 */
final class UpstreamLimitsIT {
    private static final int MEGABYTE = 1024 * 1024;
    private static final int MANY = 50;
    private static final Duration SHORT = Duration.ofMillis(700);
    private static final Duration BOUND = Duration.ofSeconds(4);

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private static ForwardProxyBuilder impatient(ForwardProxyBuilder builder) {
        return builder.connectTimeout(SHORT).streamIdleTimeout(Duration.ofSeconds(1));
    }

    private LiveStream live(String subject) throws IOException {
        proxy.with(UpstreamLimitsIT::impatient);
        proxy.upstream().answer(request -> LiveStream.script());
        return LiveStream.beside(subject, proxy);
    }

    private static long heapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private void expectManyFailures(int status, String code) throws IOException {
        long startNanos = System.nanoTime();
        List<RawClient> clients = new ArrayList<>();
        for (int number = 0; number < MANY; number++) {
            clients.add(proxy.connect().send(proxy.postRequest("/stalled", "{}")));
        }
        for (RawClient client : clients) {
            assertProxyError(client.readResponse(), status, code);
        }
        assertPrompt(startNanos, BOUND);
        Eventually.await(
                "only the live stream to be left",
                () -> proxy.proxy().inFlight().size() == 1);
    }

    @Test
    void givesUpTlsHandshakesThatStall() throws IOException {
        try (ScriptedUpstream silent = ScriptedUpstream.silent();
                LiveStream live = live(MANY + " TLS handshakes that stall")) {
            proxy.proxy().retarget(URI.create("https://localhost:" + silent.port()));

            expectManyFailures(504, "upstream_connect_timeout");

            live.assertUndisturbed();
            // One that came too late for its request says nothing and waits in the pool.
            Eventually.await("the stalled connections to be closed", () -> silent.connections().stream()
                    .filter(connection -> connection.receivedBytes() > 0)
                    .allMatch(connection -> connection.ending() != Ending.OPEN));
        }
    }

    @Test
    void givesUpConnectionsIntoABlackHole() throws IOException {
        try (BlackHole hole = BlackHole.open();
                LiveStream live = live(MANY + " connects into a black hole")) {
            proxy.proxy().retarget(hole.uri());

            expectManyFailures(504, "upstream_connect_timeout");

            live.assertUndisturbed();
        }
    }

    @Test
    void answersForNamesThatNobodyKnows() throws IOException {
        try (LiveStream live = live("look-ups of an unknown name")) {
            proxy.proxy().retarget(URI.create("http://no-such-host.invalid:80"));
            long startNanos = System.nanoTime();

            RawResponse response =
                    proxy.connect().send(proxy.postRequest("/", "{}")).readResponse();

            // Where look-ups are swallowed instead of answered, it is the time limit that ends them.
            assertThat(response.status()).isIn(502, 504);
            assertThat(response.text()).containsAnyOf("upstream_unknown_host", "upstream_connect_timeout");
            assertPrompt(startNanos, BOUND);
            live.assertUndisturbed();
        }
    }

    @Test
    void givesUpAnUpstreamThatNeverReads() throws Exception {
        try (ScriptedUpstream stalled = ScriptedUpstream.plain();
                LiveStream live = live("10 uploads that nobody reads")) {
            stalled.answer(request -> Script.of(new Step.StopReading(), new Step.Pause(Duration.ofSeconds(10))));
            proxy.proxy().retarget(stalled.uri());
            long before = heapBytes();
            List<CompletableFuture<Void>> uploads = new ArrayList<>();
            for (int number = 0; number < 10; number++) {
                RawClient client = proxy.connect();
                uploads.add(Background.run(() -> upload(client)));
            }

            Eventually.await(
                    "all to be given up",
                    Duration.ofSeconds(8),
                    () -> proxy.listener().ends().size() == 10);

            assertThat(heapBytes() - before).isLessThan(64 * MEGABYTE);
            assertThat(proxy.listener().ends()).extracting(ExchangeEnd::outcome).containsOnly(Outcome.TIMED_OUT);
            live.assertUndisturbed();
            for (CompletableFuture<Void> upload : uploads) {
                upload.get(10, TimeUnit.SECONDS);
            }
        }
    }

    private static void upload(RawClient client) {
        try {
            client.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: " + 100 * MEGABYTE + "\r\n\r\n");
            byte[] piece = new byte[MEGABYTE];
            for (int number = 0; number < 100; number++) {
                client.send(piece);
            }
        } catch (IOException cut) {
            assertThat(cut).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fields", "one field", "interim heads", "reason"})
    void answersForFloodsInsteadOfAHead(String shape) throws IOException {
        try (ScriptedUpstream flood = ScriptedUpstream.plain();
                LiveStream live = live("response heads of 10 MB: " + shape)) {
            flood.answer(request -> flood(shape));
            proxy.proxy().retarget(flood.uri());
            long before = heapBytes();

            RawResponse response =
                    proxy.connect().send(proxy.postRequest("/", "{}")).readResponse();

            assertProxyError(response, 502, "upstream_bad_response");
            flood.awaitConnection(1).awaitEnd(Eventually.PATIENCE);
            assertThat(heapBytes() - before).isLessThan(16 * MEGABYTE);
            live.assertUndisturbed();
        }
    }

    private static Script flood(String shape) {
        List<Step> steps = new ArrayList<>(List.of(new Step.ReadBody()));
        steps.add(Step.send(shape.equals("reason") ? "HTTP/1.1 200 O" : "HTTP/1.1 200 OK\r\nA: b"));
        if (shape.equals("interim heads")) {
            steps.set(1, Step.send("HTTP/1.1 103 Early Hints\r\nA: b"));
        }
        String piece =
                switch (shape) {
                    case "fields" -> "\r\nX-Name: " + "v".repeat(90);
                    case "interim heads" -> "\r\nX-Name: " + "v".repeat(90);
                    default -> "v".repeat(100);
                };
        for (int sent = 0; sent < 10 * MEGABYTE; sent += 1000 * 100) {
            steps.add(Step.send(piece.repeat(1000)));
        }
        steps.add(new Step.Never());
        return new Script(steps);
    }
}
