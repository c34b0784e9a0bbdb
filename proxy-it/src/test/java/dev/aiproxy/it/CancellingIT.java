package dev.aiproxy.it;

import static dev.aiproxy.it.Promptness.assertPrompt;
import static dev.aiproxy.it.Promptness.assertPromptEnd;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.Outcome;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A client that leaves stops the work it asked for, since each token of it is paid for. */
@ParameterizedClass
@EnumSource
final class CancellingIT {
    private static final Duration AT_ONCE = Duration.ofMillis(300);

    /** Of the proxy's ticker. */
    private static final Duration PERIOD = Duration.ofMillis(50);

    private static final int MOST_ATTEMPTS = 50;

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    CancellingIT(Transport transport) {
        transport.of(proxy);
    }

    static Stream<Arguments> windows() {
        return Arrays.stream(Leaving.values())
                .flatMap(leaving -> Stream.of(Arguments.of("GET", leaving), Arguments.of("POST", leaving)));
    }

    private RawClient ask(String method) throws IOException {
        String body = method.equals("POST") ? "{\"stream\":true}" : "";
        return proxy.connect()
                .send(method + " /v1/stream HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n"
                        + body);
    }

    private void expectUpstreamClosed(RecordedConnection connection, long leftAtNanos) {
        assertPromptEnd(connection, leftAtNanos, AT_ONCE);
        proxy.expectEnd(Outcome.CLIENT_GONE);
    }

    @ParameterizedTest
    @EnumSource
    void givesUpWhileWaitingForAConnection(Leaving leaving) throws IOException {
        try (BlackHole hole = BlackHole.open()) {
            proxy.target(hole.uri());
            RawClient client = ask("GET");
            Eventually.await(
                    "the exchange to start", () -> proxy.listener().starts().size() == 1);

            long leftAtNanos = leaving.from(client);

            proxy.expectEnd(Outcome.CLIENT_GONE);
            assertPrompt(leftAtNanos, AT_ONCE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void closesTheUpstreamDuringItsTlsHandshake(Leaving leaving) throws IOException {
        proxy.to(ScriptedUpstream.silent());
        proxy.target(URI.create("https://localhost:" + proxy.upstream().port()));
        RawClient client = ask("POST");
        RecordedConnection connection = proxy.upstream().awaitConnection(1);
        Eventually.await("the client hello", () -> connection.receivedBytes() > 0);

        long leftAtNanos = leaving.from(client);

        expectUpstreamClosed(connection, leftAtNanos);
    }

    @ParameterizedTest
    @MethodSource("windows")
    void closesTheUpstreamBeforeItsHead(String method, Leaving leaving) throws IOException {
        proxy.upstream().enqueue(Answers.silence());
        RawClient client = ask(method);
        RecordedRequest request = proxy.upstream().takeRequest().awaitComplete();

        long leftAtNanos = leaving.from(client);

        expectUpstreamClosed(request.connection(), leftAtNanos);
    }

    @ParameterizedTest
    @MethodSource("windows")
    void closesTheUpstreamInASilence(String method, Leaving leaving) throws IOException {
        proxy.upstream().enqueue(Answers.eventHead().then(Step.chunk(Answers.event(1)), new Step.Never()));
        RawClient client = ask(method);
        client.readHead();
        client.readChunk();

        long leftAtNanos = leaving.from(client);

        expectUpstreamClosed(proxy.upstream().takeRequest().connection(), leftAtNanos);
    }

    /** What comes behind its request is kept for later, and a leave behind that is seen all the same. */
    @ParameterizedTest
    @EnumSource
    void closesTheUpstreamBehindThePartOfAnotherRequest(Leaving leaving) throws IOException {
        for (String more : List.of("\r\n", "G", proxy.postRequest("/next", "x".repeat(10_000)))) {
            proxy.upstream().enqueue(Answers.eventHead().then(Step.chunk(Answers.event(1)), new Step.Never()));
            RawClient client = ask("POST");
            client.readHead();
            client.readChunk();
            client.send(more);
            assertThat(client.isQuiet(Duration.ofMillis(100))).isTrue();

            long leftAtNanos = leaving.from(client);

            RecordedRequest request = proxy.upstream().takeRequest();
            assertPromptEnd(request.connection(), leftAtNanos, AT_ONCE);
            assertThat(request.target()).isEqualTo("/v1/stream");
        }
    }

    /**
     * Of some that leave right behind the first event, the quickest: others may have had to wait for a processor. The ticker
     * leaves exchanges alone that are younger than its period.
     */
    @ParameterizedTest
    @EnumSource
    void closesTheUpstreamBeforeTheTickerLooks(Leaving leaving) throws IOException {
        proxy.upstream().answer(request -> Answers.eventHead().then(Step.chunk(Answers.event(1)), new Step.Never()));
        Duration quickest = Duration.ofDays(1);

        for (int attempt = 0; attempt < MOST_ATTEMPTS && quickest.compareTo(PERIOD) >= 0; attempt++) {
            long beganAtNanos = System.nanoTime();
            RawClient client = ask("GET");
            client.readHead();
            client.readChunk();
            leaving.from(client);
            RecordedConnection connection = proxy.upstream().takeRequest().connection();
            connection.awaitEnd(Eventually.PATIENCE);
            Duration life = Duration.ofNanos(connection.endedAtNanos() - beganAtNanos);
            quickest = life.compareTo(quickest) < 0 ? life : quickest;
        }

        assertThat(quickest).isLessThan(PERIOD);
    }

    @ParameterizedTest
    @MethodSource("windows")
    void closesTheUpstreamWhileTokensFlow(String method, Leaving leaving) throws IOException {
        List<Step> tokens = new ArrayList<>();
        for (int number = 1; number <= 2_000; number++) {
            tokens.add(Step.chunk(Answers.event(number)));
            tokens.add(new Step.Pause(Duration.ofMillis(2)));
        }
        proxy.upstream().enqueue(Answers.eventHead().then(tokens));
        RawClient client = ask(method);
        client.readHead();
        client.readChunk();

        long leftAtNanos = leaving.from(client);

        expectUpstreamClosed(proxy.upstream().takeRequest().connection(), leftAtNanos);
    }

    @ParameterizedTest
    @EnumSource
    void closesTheUpstreamInASilenceOfTheUpload(Leaving leaving) throws IOException {
        proxy.upstream().enqueue(Answers.ok());
        RawClient client = proxy.connect().send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nbegin");
        RecordedRequest request = proxy.upstream().takeRequest().awaitBody(5);

        long leftAtNanos = leaving.from(client);

        expectUpstreamClosed(request.connection(), leftAtNanos);
        assertThat(request.isComplete()).isFalse();
    }

    @Test
    void closesTheUpstreamDuringAnUploadThatItDoesNotRead() throws Exception {
        Gate gate = Gate.named("look at the socket again");
        proxy.upstream()
                .enqueue(Script.of(
                        new Step.StopReading(), Step.await(gate), new Step.ResumeReading(), new Step.Never()));
        byte[] upload = Pattern.bytes(64 * 1024 * 1024);
        RawClient client =
                proxy.connect().send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + upload.length + "\r\n\r\n");
        RecordedConnection connection = proxy.upstream().takeRequest().connection();
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendUntilCut(client, upload));
        Stall.await("the upload", connection::receivedBytes);

        long leftAtNanos = Leaving.RST.from(client);

        proxy.expectEnd(Outcome.CLIENT_GONE);
        assertPrompt(leftAtNanos, AT_ONCE);
        gate.open();
        connection.awaitEnd(Eventually.PATIENCE);
        sending.get(30, TimeUnit.SECONDS);
    }

    private static void sendUntilCut(RawClient client, byte[] upload) {
        try {
            client.send(upload);
        } catch (IOException cut) {
            assertThat(cut).isNotNull();
        }
    }

    @Test
    void losesNoRequestThatComesDuringAStream() throws IOException {
        Gate gate = Gate.named("rest of the stream");
        proxy.upstream().enqueue(Answers.gatedEvents(2, gate), Answers.ok(), Answers.ok());
        RawClient client = proxy.get("/stream");
        client.readHead();
        gate.open();
        client.readChunk();
        String next = proxy.postRequest("/next", "{}");

        client.send(next.substring(0, 1));
        assertThat(client.isQuiet(Duration.ofMillis(50))).isTrue();
        client.send(next.substring(1) + proxy.getRequest("/after"));
        gate.open();

        assertThat(client.readChunk()).isEqualTo(Answers.event(2));
        assertThat(client.readRaw("0\r\n\r\n".length())).isEqualTo("0\r\n\r\n");
        assertThat(client.readResponse().status()).isEqualTo(200);
        assertThat(client.readResponse().status()).isEqualTo(200);
        assertThat(proxy.upstream().requests().get(1).head().startLine()).isEqualTo("POST /next HTTP/1.1");
        assertThat(proxy.upstream().requests().get(1).body()).isEqualTo("{}");
    }

    @Test
    void leavesTheStreamsOfOthersAlone() throws IOException {
        Gate gate = Gate.named("next event");
        proxy.upstream()
                .answer(request ->
                        request.target().equals("/stays") ? Answers.gatedEvents(2, gate) : Answers.silence());
        RawClient stays = proxy.get("/stays");
        stays.readHead();
        gate.open();
        stays.readChunk();
        for (Leaving leaving : Leaving.values()) {
            RawClient leaves = proxy.get("/leaves");
            proxy.upstream().awaitConnection(2 + leaving.ordinal());
            leaving.from(leaves);
            assertThat(proxy.listener().awaitEnd(1 + leaving.ordinal()).outcome())
                    .isEqualTo(Outcome.CLIENT_GONE);
        }

        gate.open();

        assertThat(stays.readChunk()).isEqualTo(Answers.event(2));
        assertThat(stays.readRaw("0\r\n\r\n".length())).isEqualTo("0\r\n\r\n");
    }
}
