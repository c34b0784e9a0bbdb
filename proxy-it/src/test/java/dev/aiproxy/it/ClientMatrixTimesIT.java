package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes by time in {@link ClientMatrixIT}. All pairs of versions wait side by side, so that there is time enough. */
@Timeout(120)
final class ClientMatrixTimesIT {
    /** Far above what twelve pairs at once take for all that has to be done meanwhile. */
    private static final Duration SHORT = Duration.ofMillis(1500);

    /** A proxy of its own between two versions. */
    private record Pair(ClientProtocol protocol, UpstreamProtocol upstreamProtocol, ProxyExtension proxy) {

        static Pair of(ClientProtocol protocol, UpstreamProtocol upstreamProtocol) {
            ProxyExtension proxy = new ProxyExtension();
            protocol.of(proxy);
            upstreamProtocol.of(proxy);
            return new Pair(protocol, upstreamProtocol, proxy);
        }

        ClientProtocol.Client connect() throws Exception {
            return protocol.connect(proxy);
        }

        void expectRefusal(int status, String code) throws Exception {
            try (ClientProtocol.Client client = connect()) {
                ClientMatrixIT.expectRefusal(client, status, code);
            }
        }

        void awaitAge(Duration age) {
            Eventually.await(
                    "an exchange of " + age,
                    () -> proxy.listener().starts().get(0).startedAt().plus(age).isBefore(Instant.now()));
        }

        @Override
        public String toString() {
            return protocol + " to " + upstreamProtocol;
        }
    }

    private interface Promise {
        void holdIn(Pair pair) throws Exception;
    }

    private static void expectInEachPair(Promise promise) throws Exception {
        Map<Pair, CompletableFuture<Void>> running = new LinkedHashMap<>();
        for (ClientProtocol client : ClientProtocol.values()) {
            for (UpstreamProtocol upstream : UpstreamProtocol.values()) {
                Pair pair = Pair.of(client, upstream);
                running.put(pair, Background.run(() -> expectIn(pair, promise)));
            }
        }
        Map<Pair, Throwable> failures = new LinkedHashMap<>();
        for (Map.Entry<Pair, CompletableFuture<Void>> each : running.entrySet()) {
            try {
                each.getValue().get(60, TimeUnit.SECONDS);
            } catch (ExecutionException failure) {
                failures.put(each.getKey(), failure.getCause());
            }
        }
        assertThat(failures).isEmpty();
    }

    private static void expectIn(Pair pair, Promise promise) throws Exception {
        try {
            promise.holdIn(pair);
        } finally {
            pair.proxy().close();
        }
    }

    @Test
    void answers504WhenNoConnectionComesAbout() throws Exception {
        expectInEachPair(pair -> {
            try (BlackHole hole = BlackHole.open()) {
                pair.proxy()
                        .target(pair.upstreamProtocol().at(hole.uri()))
                        .with(builder -> builder.connectTimeout(SHORT));

                pair.expectRefusal(504, "upstream_connect_timeout");
            }
        });
    }

    @Test
    void answers504WhenNoAnswerBegins() throws Exception {
        expectInEachPair(pair -> {
            pair.proxy().with(builder -> builder.firstByteTimeout(SHORT));
            pair.proxy().upstream().enqueue(Answers.silence());

            pair.expectRefusal(504, "upstream_first_byte_timeout");
        });
    }

    @Test
    void tearsAStreamThatIsSilentForTooLong() throws Exception {
        expectInEachPair(pair -> {
            pair.proxy().with(builder -> builder.streamIdleTimeout(SHORT));
            pair.proxy().upstream().enqueue(Answers.cutChunks(1, new Step.Never()));

            try (ClientProtocol.Client client = pair.connect()) {
                ClientProtocol.Exchange exchange = client.ask("GET", "/", true);
                assertThat(exchange.status()).isEqualTo(200);
                assertThat(exchange.rest()).isEqualTo(Answers.event(1) + "|torn");
            }
            pair.proxy().expectEnd(Outcome.TIMED_OUT);
        });
    }

    @Test
    void keepsASilentStreamForLongerThanAnIdleConnection() throws Exception {
        expectInEachPair(pair -> {
            Gate gate = Gate.named("next event");
            pair.proxy().with(builder -> builder.clientIdleTimeout(SHORT));
            pair.proxy().upstream().enqueue(Answers.gatedEvents(2, gate));

            try (ClientProtocol.Client client = pair.connect()) {
                ClientProtocol.Exchange exchange = client.ask("GET", "/", true);
                assertThat(exchange.status()).isEqualTo(200);
                pair.awaitAge(SHORT.multipliedBy(3));
                gate.openForGood();

                assertThat(exchange.rest()).endsWith(Answers.event(2) + "|end");
            }
        });
    }

    @Test
    void givesUpABodyWhoseRestDoesNotCome() throws Exception {
        expectInEachPair(pair -> {
            pair.proxy().with(builder -> builder.clientIdleTimeout(SHORT));
            pair.proxy().upstream().enqueue(Answers.ok());

            try (ClientProtocol.Client client = pair.connect()) {
                ClientProtocol.Exchange exchange = client.ask("POST", "/", false, "content-length", "10");
                exchange.send("half", false);

                assertThat(exchange.status()).isEqualTo(408);
            }
            pair.proxy().expectEnd(Outcome.TIMED_OUT);
        });
    }
}
