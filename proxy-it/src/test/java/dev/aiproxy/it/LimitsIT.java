package dev.aiproxy.it;

import static dev.aiproxy.it.Promptness.assertPrompt;
import static dev.aiproxy.it.ProxyErrors.assertProxyError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.Outcome;
import dev.aiproxy.it.RawResponse.Integrity;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that take too much: each is bounded, and a stream beside it goes on as before. */
@ParameterizedClass
@EnumSource(names = {"TCP", "TCP_TO_HTTP_2"})
final class LimitsIT {
    private static final int MEGABYTE = 1024 * 1024;
    private static final Duration SHORT = Duration.ofMillis(500);

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    LimitsIT(Transport transport) {
        transport.of(proxy);
    }

    @BeforeEach
    void answer() {
        proxy.upstream().answer(request -> request.target().equals("/live") ? LiveStream.script() : Answers.ok());
    }

    private static long heapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Test
    void closesHeadsThatDrip() throws Exception {
        proxy.with(builder -> builder.headerTimeout(SHORT));
        try (LiveStream live = LiveStream.beside("200 dripping heads", proxy)) {
            List<RawClient> drips = new ArrayList<>();
            for (int number = 0; number < 200; number++) {
                drips.add(proxy.connect().send("GET / HTTP/1.1\r\nHost: x\r\n"));
            }
            long startNanos = System.nanoTime();
            CompletableFuture<Void> dripping = Background.run(() -> dripUntilCut(drips));

            dripping.get(10, TimeUnit.SECONDS);

            assertPrompt(startNanos, Duration.ofSeconds(3));
            live.assertUndisturbed();
        }
    }

    /** Each client in turn, so that each sends a byte long before its idle time is over. */
    private static void dripUntilCut(List<RawClient> clients) throws InterruptedException {
        List<RawClient> open = new ArrayList<>(clients);
        while (!open.isEmpty()) {
            open.removeIf(LimitsIT::isCut);
            Thread.sleep(20);
        }
    }

    private static boolean isCut(RawClient client) {
        try {
            client.send("a");
            return false;
        } catch (IOException cut) {
            return true;
        }
    }

    @Test
    void carriesTrafficBesideTwoThousandIdleConnections() throws IOException {
        try (LiveStream live = LiveStream.beside("2,000 idle connections", proxy)) {
            long before = heapBytes();
            List<RawClient> idle = new ArrayList<>();
            for (int number = 0; number < 2_000; number++) {
                idle.add(RawClient.connectSmall(proxy.proxy().address()));
            }

            long each = (heapBytes() - before) / idle.size();

            System.out.printf("heap of an idle connection, both ends: %d bytes%n", each);
            assertThat(each).isLessThan(32 * 1024);
            assertThat(idle.get(1_999)
                            .send(proxy.getRequest("/"))
                            .readResponse()
                            .status())
                    .isEqualTo(200);
            live.assertUndisturbed();
            for (RawClient client : idle) {
                client.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"many lines", "one line"})
    void answers431ToEndlessHeads(String shape) throws Exception {
        try (LiveStream live = LiveStream.beside("heads of 10 MB in " + shape, proxy)) {
            long before = heapBytes();
            for (int number = 0; number < 3; number++) {
                RawClient client = proxy.connect();
                CompletableFuture<Void> sending = Background.run(() -> sendHead(client, shape));

                assertProxyError(client.readResponse(), 431, "header_too_large");

                client.close();
                sending.exceptionally(cut -> null).get(10, TimeUnit.SECONDS);
            }
            assertThat(heapBytes() - before).isLessThan(16 * MEGABYTE);
            live.assertUndisturbed();
        }
    }

    private static void sendHead(RawClient client, String shape) throws IOException {
        client.send("GET / HTTP/1.1\r\nHost: x\r\nA: b");
        String piece = shape.equals("many lines") ? ("\r\nX-Name: " + "v".repeat(90)) : "v".repeat(100);
        for (int sent = 0; sent < 10 * MEGABYTE; sent += 1000 * 100) {
            client.send(piece.repeat(1000));
        }
    }

    @Test
    void answersEndlessRequestLines() throws Exception {
        RawClient client = proxy.connect();
        CompletableFuture<Void> sending = Background.run(() -> client.send("GET /" + "v".repeat(MEGABYTE)));

        RawResponse response = client.readResponse();

        assertThat(response.status()).isIn(414, 431);
        assertProxyError(response, response.status(), "header_too_large");
        client.close();
        sending.exceptionally(cut -> null).get(10, TimeUnit.SECONDS);
    }

    @Test
    void closesOnAHeaderLineOfAMegabyteEvenIfAMegabyteIsAllowed() throws Exception {
        proxy.with(builder -> builder.maxHeaderBytes(MEGABYTE));
        RawClient client = proxy.connect();
        CompletableFuture<Void> sending = Background.run(
                () -> client.send("GET / HTTP/1.1\r\nHost: x\r\nA: " + "v".repeat(MEGABYTE) + "\r\n\r\n"));

        assertProxyError(client.readResponse(), 431, "header_too_large");

        client.close();
        sending.exceptionally(cut -> null).get(10, TimeUnit.SECONDS);
    }

    @Test
    void takesAHeaderLineThatIsJustAllowed() throws IOException {
        proxy.with(builder -> builder.maxHeaderBytes(MEGABYTE));
        String value = "v".repeat(MEGABYTE - 200);

        RawClient client = proxy.connect().send("GET / HTTP/1.1\r\nHost: x\r\nA: " + value + "\r\n\r\n");

        assertThat(client.readResponse().status()).isEqualTo(200);
        assertThat(proxy.upstream().takeRequest().head().value("A")).contains(value);
    }

    @Test
    void answers503AboveItsStreamsAndWorksAgainBelow() throws IOException {
        proxy.with(builder -> builder.maxStreams(50));
        proxy.upstream().answer(request -> Answers.eventHead().then(new Step.Never()));
        List<RawClient> streams = new ArrayList<>();
        for (int number = 0; number < 50; number++) {
            streams.add(proxy.get("/stream"));
            streams.get(number).readHead();
        }
        RawClient late = proxy.connect();
        for (int number = 0; number < 20; number++) {
            RawResponse refusal = late.send(proxy.postRequest("/late", "{}")).readResponse();
            assertProxyError(refusal, 503, "too_many_streams");
            assertThat(refusal.head().value("Retry-After")).contains("1");
        }

        streams.get(0).reset();

        Eventually.await(
                "the end of one",
                () -> !proxy.listener().ends().isEmpty()
                        && proxy.proxy().inFlight().size() == 49);
        assertThat(late.send(proxy.getRequest("/late")).readHead().status()).isEqualTo(200);
        assertThat(proxy.upstream().requests()).hasSize(51);
    }

    @Test
    void letsConnectionsAboveItsLimitWait() throws IOException {
        proxy.with(builder -> builder.maxConnections(20));
        List<RawClient> first = new ArrayList<>();
        for (int number = 0; number < 20; number++) {
            RawClient client = proxy.get("/");
            assertThat(client.readResponse().status()).isEqualTo(200);
            first.add(client);
        }
        List<RawClient> waiting = new ArrayList<>();
        for (int number = 0; number < 10; number++) {
            waiting.add(proxy.get("/waits"));
        }
        assertThat(waiting.get(9).isQuiet(SHORT)).isTrue();
        assertThat(first.get(0).send(proxy.getRequest("/")).readResponse().status())
                .isEqualTo(200);

        for (RawClient client : first) {
            client.fin();
        }

        for (RawClient client : waiting) {
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    /** An event that comes in the very moment in which its client counts as silent: some streams were torn by it. */
    @Test
    void lastsThroughSilencesThatEndWhenTheyBecomeTooLong() throws Exception {
        Duration idle = Duration.ofSeconds(1);
        proxy.with(builder -> builder.clientIdleTimeout(idle));
        List<Step> events = IntStream.range(0, 8)
                .<Step>mapToObj(number -> number % 2 == 0 ? new Step.Pause(idle) : Step.chunk("event"))
                .toList();
        Script stream = Answers.eventHead().then(events).then(Step.lastChunk());
        proxy.upstream().answer(request -> stream);
        List<RawClient> clients = new ArrayList<>();
        for (int number = 0; number < 300; number++) {
            clients.add(proxy.get("/stream"));
        }

        for (RawClient client : clients) {
            assertThat(client.readResponse().integrity()).isEqualTo(Integrity.WHOLE);
        }
    }

    @Test
    void endsWithAClientThatNeverReads() throws Exception {
        proxy.with(builder -> builder.clientIdleTimeout(Duration.ofSeconds(1)));
        Script big =
                Answers.headOnly("HTTP/1.1 200 OK", "Content-Length: 50000000").then(new Step.Pour(50_000_000));
        proxy.upstream().answer(request -> request.target().equals("/live") ? LiveStream.script() : big);
        try (LiveStream live = LiveStream.beside("20 clients that never read", proxy)) {
            long before = heapBytes();
            for (int number = 0; number < 20; number++) {
                proxy.get("/big");
            }

            Eventually.await(
                    "all to be given up",
                    Duration.ofSeconds(10),
                    () -> proxy.listener().ends().size() == 20);

            assertThat(proxy.listener().ends())
                    .allMatch(end -> end.outcome() == Outcome.TIMED_OUT)
                    .allMatch(end -> end.duration().compareTo(Duration.ofSeconds(6)) < 0);
            assertThat(heapBytes() - before).isLessThan(32 * MEGABYTE);
            live.assertUndisturbed();
        }
    }
}
