package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.it.RawResponse.Integrity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The instruments themselves, without a proxy between them: what they say must be so. */
final class HarnessIT {
    private static final String GET = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

    private ScriptedUpstream upstream = ScriptedUpstream.plain();

    @AfterEach
    void close() {
        upstream.close();
        assertThat(upstream.failures()).isEmpty();
    }

    private RawClient connect() throws IOException {
        return RawClient.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), upstream.port()));
    }

    @Test
    void holdsEachEventBackUntilItsGateOpens() throws IOException {
        Gate gate = Gate.named("event");
        upstream.enqueue(Answers.gatedEvents(2, gate));
        try (RawClient client = connect()) {
            client.send(GET);

            assertThat(client.readHead().status()).isEqualTo(200);
            assertThat(client.isQuiet(Duration.ofMillis(50))).isTrue();
            gate.open();
            assertThat(client.readChunk()).isEqualTo(Answers.event(1));
            assertThat(client.isQuiet(Duration.ofMillis(50))).isTrue();
            gate.open();
            assertThat(client.readChunk()).isEqualTo(Answers.event(2));
            assertThat(client.readRaw(5)).isEqualTo("0\r\n\r\n");
        }
    }

    @Test
    void recordsRequestsByteForByte() throws IOException {
        upstream.enqueue(Answers.ok(), Answers.ok());
        String head = "pOsT //a%2fb?;x HTTP/1.1\r\nhost:x\r\nX-a:  1 \r\nTransfer-Encoding: chunked\r\n\r\n";
        try (RawClient client = connect()) {
            client.send(head).sendChunk("one").sendChunk("two").send("0\r\nT: 1\r\n\r\n" + GET);

            RecordedRequest request = upstream.takeRequest().awaitComplete();

            assertThat(request.head().text()).isEqualTo(head);
            assertThat(request.method()).isEqualTo("pOsT");
            assertThat(request.target()).isEqualTo("//a%2fb?;x");
            assertThat(request.body()).isEqualTo("onetwo");
            assertThat(request.trailers()).containsExactly("T: 1");
            assertThat(upstream.takeRequest().connection()).isSameAs(request.connection());
            assertThat(client.readResponse().text()).isEqualTo("{\"ok\":true}");
        }
    }

    @Test
    void tellsFinFromResetFromWhole() throws IOException {
        upstream.enqueue(
                Answers.cutChunks(1, new Step.Fin()),
                Answers.cutChunks(1, new Step.Reset()),
                Answers.cutLength("half", new Step.Fin()),
                Answers.closeDelimited("all", new Step.Fin()),
                Answers.badChunkSize());

        for (Integrity expected : List.of(
                Integrity.CUT_BY_FIN,
                Integrity.CUT_BY_RST,
                Integrity.CUT_BY_FIN,
                Integrity.WHOLE,
                Integrity.BROKEN_FRAMING)) {
            try (RawClient client = connect()) {
                assertThat(client.send(GET).readResponse().integrity()).isEqualTo(expected);
            }
        }
    }

    @Test
    void seesTheClientLeaveWhileItWaitsAtAGate() throws IOException {
        upstream.answer(request -> Answers.gatedEvents(1, Gate.named("never")));
        try (RawClient client = connect()) {
            client.send(GET).readHead();

            client.fin();

            assertThat(upstream.awaitConnection(1).awaitEnd(Eventually.PATIENCE))
                    .isEqualTo(Ending.FIN);
        }
        try (RawClient client = connect()) {
            client.send(GET).readHead();

            client.reset();

            assertThat(upstream.awaitConnection(2).awaitEnd(Eventually.PATIENCE))
                    .isEqualTo(Ending.RST);
        }
    }

    @Test
    void speaksTls() throws IOException {
        upstream.close();
        upstream = ScriptedUpstream.tls(TestCertificates.get().localhost());
        upstream.enqueue(Answers.ok());
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), upstream.port());
        try (RawClient client =
                RawClient.connect(address, TestCertificates.get().trustingClient())) {
            assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void swallowsConnectionsInABlackHole() throws IOException {
        try (BlackHole hole = BlackHole.open()) {
            assertThat(hole.uri().getPort()).isPositive();
        }
    }

    @Test
    void poursThePatternUnchanged() throws IOException {
        int length = 3_000_000;
        upstream.enqueue(
                Answers.headOnly("HTTP/1.1 200 OK", "Content-Length: " + length).then(new Step.Pour(length)));
        try (RawClient client = connect()) {
            assertThat(client.send(GET).readResponse().body()).isEqualTo(Pattern.bytes(length));
        }
    }
}
