package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Responses come through as they are made: no byte waits for another. */
@ParameterizedClass
@EnumSource
final class StreamingIT {
    private static final Duration A_MOMENT = Duration.ofMillis(30);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(1);

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    StreamingIT(Transport transport) {
        transport.of(proxy);
    }

    @Test
    void forwardsEachEventAsItArrives() throws IOException {
        Gate gate = Gate.named("next event");
        proxy.upstream().enqueue(Answers.gatedEvents(5, gate));

        RawClient client = proxy.get("/v1/stream");

        client.readHead();
        for (int number = 1; number <= 5; number++) {
            gate.open();
            assertThat(client.readChunk()).isEqualTo(Answers.event(number));
        }
        assertThat(client.readRaw(5)).isEqualTo("0\r\n\r\n");
        proxy.expectEnd(Outcome.COMPLETED);
    }

    @Test
    void sendsTheHeadBeforeTheFirstByteOfTheBody() throws IOException {
        Gate gate = Gate.named("first event");
        proxy.upstream().enqueue(Answers.gatedEvents(1, gate));

        RawClient client = proxy.get("/v1/stream");

        assertThat(client.readHead().status()).isEqualTo(200);
        assertThat(client.isQuiet(A_MOMENT)).isTrue();
        gate.open();
        assertThat(client.readChunk()).isEqualTo(Answers.event(1));
    }

    @Test
    void sendsTheHeadBeforeTheFirstByteOfABodyOfKnownLength() throws IOException {
        Gate gate = Gate.named("body");
        proxy.upstream()
                .enqueue(Answers.headOnly("HTTP/1.1 200 OK", "Content-Length: 4")
                        .then(Step.await(gate), Step.send("body")));

        RawClient client = proxy.get("/slow");

        assertThat(client.readHead().value("Content-Length")).contains("4");
        gate.open();
        assertThat(client.readRaw(4)).isEqualTo("body");
    }

    /** Clients built on urllib3 read {@code size + 2} bytes before they hand a chunk on. */
    @Test
    void sendsTheCrlfOfAChunkWithTheChunk() throws IOException {
        Gate gate = Gate.named("next event");
        proxy.upstream().enqueue(Answers.gatedEvents(3, gate));
        String event = Answers.event(1);
        String wire = Integer.toHexString(event.length()) + "\r\n" + event + "\r\n";

        RawClient client = proxy.get("/v1/stream");

        client.readHead();
        gate.open();
        assertThat(client.readRaw(wire.length()).toLowerCase()).isEqualTo(wire);
        assertThat(client.isQuiet(A_MOMENT)).isTrue();
        gate.openForGood();
        assertThat(client.readChunk()).isEqualTo(Answers.event(2));
    }

    @Test
    void forwardsCloseDelimitedBodiesAsTheyArrive() throws IOException {
        Gate gate = Gate.named("next piece");
        proxy.upstream()
                .enqueue(Answers.headOnly("HTTP/1.1 200 OK")
                        .then(Step.send("one"), Step.await(gate), Step.send("two"), new Step.Fin()));

        RawClient client = proxy.get("/old");

        client.readHead();
        assertThat(client.readChunk()).isEqualTo("one");
        gate.open();
        assertThat(client.readChunk()).isEqualTo("two");
        assertThat(client.readChunk()).isEmpty();
    }

    @Test
    void sendsTheRequestHeadBeforeTheFirstByteOfTheBody() throws IOException {
        proxy.upstream().enqueue(Answers.ok(), Answers.ok());

        RawClient client = proxy.connect().send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n");
        RecordedRequest request = proxy.upstream().takeRequest();
        assertThat(request.bodyBytes()).isZero();
        client.send("abc");
        assertThat(client.readResponse().status()).isEqualTo(200);

        client.send("POST /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
        assertThat(proxy.upstream().takeRequest().bodyBytes()).isZero();
        client.send("0\r\n\r\n");
        assertThat(client.readResponse().status()).isEqualTo(200);
    }

    @Test
    void forwardsEachChunkOfAnUploadAsItArrives() throws IOException {
        proxy.upstream().enqueue(Answers.ok());

        RawClient client = proxy.connect().send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (String piece : List.of("first", "second", "third")) {
            client.sendChunk(piece);
            RecordedConnection connection = proxy.upstream().awaitConnection(1);
            String wire = Integer.toHexString(piece.length()) + "\r\n" + piece + "\r\n";
            Eventually.await(
                    "the chunk '" + piece + "' with its CRLF at the upstream",
                    () -> connection.rawText().toLowerCase().endsWith(wire));
        }
        client.send("0\r\n\r\n");

        assertThat(client.readResponse().status()).isEqualTo(200);
        assertThat(proxy.upstream().takeRequest().body()).isEqualTo("firstsecondthird");
    }

    @Test
    void forwardsEachPieceOfAnUploadOfKnownLengthAsItArrives() throws IOException {
        proxy.upstream().enqueue(Answers.ok());

        RawClient client = proxy.connect().send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n");
        for (int sent = 3; sent <= 9; sent += 3) {
            client.send("abc");
            proxy.upstream().awaitConnection(1);
            int expected = sent;
            Eventually.await(sent + " bytes at the upstream", () -> proxy.upstream().requests().stream()
                    .anyMatch(request -> request.bodyBytes() >= expected));
        }

        assertThat(client.readResponse().status()).isEqualTo(200);
    }

    @Test
    void letsAResponseStartBeforeTheUploadEnds() throws IOException {
        Gate gate = Gate.named("rest of the answer");
        proxy.upstream()
                .enqueue(Script.of(
                        new Step.ReadBodyBytes(5),
                        Step.head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked"),
                        Step.chunk("early"),
                        new Step.ReadBody(),
                        Step.await(gate),
                        Step.chunk("late"),
                        Step.lastChunk()));

        RawClient client = proxy.connect().send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
        client.sendChunk("begin");
        assertThat(client.readHead().status()).isEqualTo(200);
        assertThat(client.readChunk()).isEqualTo("early");
        client.sendChunk("end").send("0\r\n\r\n");

        assertThat(proxy.upstream().takeRequest().awaitComplete().body()).isEqualTo("beginend");
        gate.open();
        assertThat(client.readChunk()).isEqualTo("late");
    }

    @Test
    void survivesALongSilenceBeforeTheFirstByte() throws IOException {
        proxy.with(builder -> builder.clientIdleTimeout(SHORT));
        proxy.upstream()
                .enqueue(Script.of(new Step.ReadBody(), new Step.Pause(LONG))
                        .then(Answers.ok().steps()));

        RawClient client = proxy.connect().send(proxy.postRequest("/v1/think", "{}"));

        assertThat(client.readResponse().status()).isEqualTo(200);
    }

    @Test
    void survivesALongSilenceInMidStream() throws IOException {
        proxy.with(builder -> builder.clientIdleTimeout(SHORT));
        proxy.upstream()
                .enqueue(Answers.eventHead()
                        .then(Step.chunk("a"), new Step.Pause(LONG), Step.chunk("b"), Step.lastChunk()));

        RawResponse response = proxy.get("/v1/stream").readResponse();

        assertThat(response.text()).isEqualTo("ab");
        assertThat(response.integrity()).isEqualTo(RawResponse.Integrity.WHOLE);
    }

    @Test
    void forwardsAMegabyteInOneChunk() throws IOException {
        int length = 1024 * 1024;
        proxy.upstream()
                .enqueue(Answers.eventHead()
                        .then(
                                Step.send(Integer.toHexString(length) + "\r\n"),
                                new Step.Pour(length),
                                Step.send("\r\n"),
                                Step.lastChunk()));

        RawResponse response = proxy.get("/big").readResponse();

        assertThat(response.body()).isEqualTo(Pattern.bytes(length));
    }

    @Test
    void forwardsTenThousandSmallChunksExactly() throws IOException {
        int count = 10_000;
        proxy.upstream().enqueue(Answers.events(count));
        StringBuilder expected = new StringBuilder();
        for (int number = 1; number <= count; number++) {
            expected.append(Answers.event(number));
        }

        RawResponse response = proxy.get("/v1/stream").readResponse();

        assertThat(response.text()).isEqualTo(expected.toString());
        assertThat(proxy.expectEnd(Outcome.COMPLETED).responseBytes()).isEqualTo(expected.length());
    }

    @Test
    void keepsManyStreamsApart() throws IOException {
        int streams = 64;
        int events = 3;
        List<Gate> gates = new ArrayList<>();
        List<RawClient> clients = new ArrayList<>();
        proxy.upstream()
                .answer(request -> Answers.gatedEvents(
                        events, gates.get(Integer.parseInt(request.target().substring(1)))));
        for (int stream = 0; stream < streams; stream++) {
            gates.add(Gate.named("stream " + stream));
            clients.add(proxy.get("/" + stream));
        }

        for (RawClient client : clients) {
            assertThat(client.readHead().status()).isEqualTo(200);
        }
        for (int number = 1; number <= events; number++) {
            gates.forEach(Gate::open);
            for (RawClient client : clients) {
                assertThat(client.readChunk()).isEqualTo(Answers.event(number));
            }
        }
        for (RawClient client : clients) {
            assertThat(client.readRaw(5)).isEqualTo("0\r\n\r\n");
        }
    }
}
