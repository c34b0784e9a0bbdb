package dev.aiproxy.it;

import static dev.aiproxy.it.Promptness.assertPrompt;
import static dev.aiproxy.it.Promptness.assertPromptEnd;
import static dev.aiproxy.it.ProxyErrors.assertProxyError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that leave in the rarer windows: all places taken, a slow connect, a write that hangs, half a close. */
final class CancelWindowsIT {
    private static final int MANY = 200;

    /** A hundred at once on a shared machine take longer than one, whose limit is CancellingIT's. */
    private static final Duration ALL_AT_ONCE = Duration.ofSeconds(2);

    private static final Duration AT_ONCE = Duration.ofMillis(300);

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    static Stream<Arguments> leaves() {
        return Arrays.stream(Transport.values())
                .flatMap(transport -> Stream.of(Leaving.HALF_CLOSE, Leaving.CUT, Leaving.RST)
                        .map(leaving -> Arguments.of(transport, leaving)));
    }

    private List<RawClient> streams(int count) throws IOException {
        List<RawClient> clients = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            RawClient client = proxy.get("/" + number);
            assertThat(client.readHead().status()).isEqualTo(200);
            clients.add(client);
        }
        return clients;
    }

    private long cutShort() {
        return proxy.listener().ends().stream()
                .filter(end -> end.outcome() == Outcome.CLIENT_GONE)
                .count();
    }

    private long upstreamsClosed() {
        return proxy.upstream().connections().stream()
                .filter(connection -> connection.ending() != Ending.OPEN)
                .count();
    }

    @ParameterizedTest
    @CsvSource({"TCP, HALF_CLOSE", "TCP, RST", "TLS, HALF_CLOSE", "TLS, RST"})
    void freesEveryPlaceThatALeavingClientHeld(Transport transport, Leaving leaving) throws IOException {
        transport.of(proxy);
        proxy.with(builder -> builder.maxStreams(MANY));
        proxy.upstream().answer(request -> Answers.eventHead().then(new Step.Never()));
        List<RawClient> clients = streams(MANY);
        assertProxyError(proxy.get("/one-more").readResponse(), 503, "too_many_streams");

        for (RawClient client : clients.subList(0, MANY / 2)) {
            leaving.from(client);
        }
        long leftAtNanos = System.nanoTime();

        Eventually.await("half of the generations to be cut short", () -> upstreamsClosed() == MANY / 2);
        assertPrompt(leftAtNanos, ALL_AT_ONCE);
        Eventually.await(
                "half of the exchanges to end",
                () -> cutShort() == MANY / 2 && proxy.proxy().inFlight().size() == MANY / 2);
        assertThat(proxy.proxy().stats().upstreamCancels()).isEqualTo(MANY / 2);
        assertThat(streams(MANY / 2)).hasSize(MANY / 2);
        assertThat(upstreamsClosed()).isEqualTo(MANY / 2);
    }

    /** The body has come, and nobody reads it before there is a connection; behind it is the client's end. */
    @ParameterizedTest
    @MethodSource("uploadsAndLeaves")
    void seesAnUploaderLeaveThatWaitsForTheConnection(Transport transport, String framing, Leaving leaving)
            throws Exception {
        transport.of(proxy);
        String request = framing.equals("length")
                ? proxy.postRequest("/", "{}")
                : "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
        try (BlackHole hole = BlackHole.open()) {
            proxy.target(hole.uri());
            RawClient client = proxy.connect().send(request);
            Eventually.await("the request", () -> proxy.listener().starts().size() == 1);
            long leftAtNanos = System.nanoTime();

            leaving.from(client);

            proxy.expectEnd(Outcome.CLIENT_GONE);
            assertPrompt(leftAtNanos, AT_ONCE);
        }
    }

    static Stream<Arguments> uploadsAndLeaves() {
        return leaves().flatMap(each ->
                Stream.of("length", "chunks").map(framing -> Arguments.of(each.get()[0], framing, each.get()[1])));
    }

    @Test
    void sendsNothingOnAConnectionThatComesTooLate() throws Exception {
        try (BlackHole hole = BlackHole.open()) {
            proxy.target(hole.uri());
            RawClient client = proxy.get("/given-up");
            Eventually.await("the request", () -> proxy.listener().starts().size() == 1);
            client.fin();
            proxy.expectEnd(Outcome.CLIENT_GONE);

            // The kernel sends the lost SYN again after one second, and then after two more.
            assertThat(hole.acceptAll(Duration.ofMillis(3_500)))
                    .as("bytes on the connections that the hole takes in the end")
                    .isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("leaves")
    void closesTheUpstreamOfAClientThatReadsNothing(Transport transport, Leaving leaving) throws IOException {
        transport.of(proxy);
        proxy.upstream()
                .enqueue(Answers.headOnly("HTTP/1.1 200 OK", "Content-Length: 100000000")
                        .then(new Step.Pour(100_000_000)));
        RawClient client = proxy.get("/big");
        client.readHead();
        RecordedConnection connection = proxy.upstream().takeRequest().connection();
        Stall.await("the response", connection::sentBytes);
        long leftAtNanos = System.nanoTime();

        leaving.from(client);

        assertPromptEnd(connection, leftAtNanos, AT_ONCE);
        proxy.expectEnd(Outcome.CLIENT_GONE);
    }

    @ParameterizedTest
    @EnumSource
    void servesAClientThatHalfClosesIfToldTo(Transport transport) throws IOException {
        transport.of(proxy);
        Gate gate = Gate.named("event");
        proxy.with(builder -> builder.allowHalfClose(true));
        proxy.upstream().enqueue(Answers.gatedEvents(2, gate));
        RawClient client = proxy.get("/stream");
        client.halfClose();
        MessageHead head = client.readHead();
        assertThat(client.isQuiet(Duration.ofMillis(300))).isTrue();

        gate.openForGood();

        assertThat(client.readRestOf(head).text()).isEqualTo(Answers.event(1) + Answers.event(2));
        proxy.expectEnd(Outcome.COMPLETED);
    }

    @ParameterizedTest
    @EnumSource
    void takesAHalfCloseForALeaveUnlessToldOtherwise(Transport transport) throws IOException {
        transport.of(proxy);
        proxy.upstream().enqueue(Answers.silence());
        RawClient client = proxy.get("/stream");
        RecordedConnection connection = proxy.upstream().takeRequest().connection();

        long leftAtNanos = Leaving.HALF_CLOSE.from(client);

        proxy.expectEnd(Outcome.CLIENT_GONE);
        assertPromptEnd(connection, leftAtNanos, AT_ONCE);
    }

    @ParameterizedTest
    @CsvSource({"TCP, GET", "TCP, POST", "TLS, GET", "TLS, POST"})
    void seesAResetAlsoWhereAHalfCloseIsAllowed(Transport transport, String method) throws IOException {
        transport.of(proxy);
        proxy.with(builder -> builder.allowHalfClose(true));
        proxy.upstream().enqueue(Answers.silence());
        RawClient client =
                proxy.connect().send(method.equals("GET") ? proxy.getRequest("/") : proxy.postRequest("/", "{}"));
        RecordedConnection connection =
                proxy.upstream().takeRequest().awaitComplete().connection();

        long leftAtNanos = Leaving.RST.from(client);

        proxy.expectEnd(Outcome.CLIENT_GONE);
        assertPromptEnd(connection, leftAtNanos, AT_ONCE);
    }

    @Test
    void tellsOfEachLeaveAndWhenInTheAccessLog(@TempDir Path home) throws Exception {
        proxy.upstream().answer(request -> Answers.eventHead().then(new Step.Never()));
        long seenMillis;
        try (LauncherProcess launcher =
                        LauncherProcess.forwarding(home, proxy.upstream().port());
                RawClient client = RawClient.connect(launcher.awaitAddress())) {
            long beganAtNanos = System.nanoTime();
            client.send(proxy.postRequest("/v1/chat", "{}")).readHead();
            assertThat(client.isQuiet(Duration.ofMillis(400))).isTrue();
            client.fin();
            proxy.upstream().awaitConnection(1).awaitEnd(Eventually.PATIENCE);
            launcher.terminate();
            launcher.awaitExit();
            seenMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganAtNanos);
        }

        String[] words =
                Files.readString(home.resolve("logs/access.log")).trim().split(" ");
        assertThat(words[5]).isEqualTo("200");
        assertThat(words[6]).isEqualTo("client_gone");
        assertThat(words[7]).isEqualTo("client_gone");
        assertThat(Long.parseLong(words[11])).isBetween(400L, seenMillis);
    }

    @Test
    void tellsHowLongTheClientStayed() throws IOException {
        proxy.upstream().enqueue(Answers.silence());
        long beganAtNanos = System.nanoTime();
        RawClient client = proxy.get("/");
        assertThat(client.isQuiet(Duration.ofMillis(300))).isTrue();

        client.reset();

        ExchangeEnd end = proxy.expectEnd(Outcome.CLIENT_GONE);
        Duration seen = Duration.ofNanos(System.nanoTime() - beganAtNanos);
        assertThat(end.status()).isEmpty();
        // The proxy counts from the arrival of the request, a little later than the client.
        assertThat(end.duration()).isBetween(Duration.ofMillis(250), seen);
    }
}
