package dev.aiproxy.it;

import static dev.aiproxy.it.Promptness.assertPromptEnd;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.Outcome;
import dev.aiproxy.it.RawResponse.Integrity;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Something sent: the message is torn, so that no client takes half an answer for a whole one. */
@ParameterizedClass
@EnumSource
final class TornStreamIT {
    private static final Duration SHORT = Duration.ofMillis(300);

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    TornStreamIT(Transport transport) {
        transport.of(proxy);
    }

    /** How an upstream breaks off. */
    private enum Tear {
        CHUNKED_FIN("Transfer-Encoding: chunked", Step.chunk("half"), new Step.Fin()),
        CHUNKED_RST("Transfer-Encoding: chunked", Step.chunk("half"), new Step.Reset()),
        CHUNKED_BAD_SIZE("Transfer-Encoding: chunked", Step.chunk("half"), Step.send("zz\r\nwhat\r\n")),
        CHUNKED_WITHIN_A_CHUNK("Transfer-Encoding: chunked", Step.send("64\r\nhalf"), new Step.Fin()),
        LENGTH_FIN("Content-Length: 100", Step.send("half"), new Step.Fin()),
        LENGTH_RST("Content-Length: 100", Step.send("half"), new Step.Reset()),
        UNTIL_CLOSED_RST("X-Framing: none", Step.send("half"), new Step.Reset());

        private final String framing;
        private final Step piece;
        private final Step end;

        Tear(String framing, Step piece, Step end) {
            this.framing = framing;
            this.piece = piece;
            this.end = end;
        }

        Script at(Gate gate) {
            return Answers.headOnly("HTTP/1.1 200 OK", framing).then(piece, Step.await(gate), end);
        }
    }

    /** What kinds of clients there are: how they ask decides how their body is framed. */
    private enum Asking {
        KEEP_ALIVE("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        CLOSE("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
        HTTP10("GET / HTTP/1.0\r\nHost: x\r\n\r\n");

        private final String request;

        Asking(String request) {
            this.request = request;
        }
    }

    static Stream<Arguments> tears() {
        return Arrays.stream(Tear.values())
                .flatMap(tear -> Arrays.stream(Asking.values()).map(asking -> Arguments.of(tear, asking)));
    }

    @ParameterizedTest
    @MethodSource("tears")
    void showsTheClientThatTheStreamWasTorn(Tear tear, Asking asking) throws IOException {
        Gate gate = Gate.named("tear");
        proxy.upstream().enqueue(tear.at(gate));
        RawClient client = proxy.connect().send(asking.request);
        MessageHead head = client.readHead();
        boolean chunked = head.value("Transfer-Encoding").isPresent();
        client.readRaw(chunked ? "4\r\nhalf\r\n".length() : "half".length());

        gate.open();

        Integrity integrity = client.readRestOf(head).integrity();
        boolean endsWithTheConnection = !chunked && head.value("Content-Length").isEmpty();
        assertThat(integrity)
                .isIn(
                        endsWithTheConnection
                                ? new Object[] {Integrity.CUT_BY_RST}
                                : new Object[] {Integrity.CUT_BY_RST, Integrity.CUT_BY_FIN});
        assertThat(proxy.expectEnd(Outcome.UPSTREAM_CUT).status()).contains(200);
    }

    @Test
    void tearsAStreamThatIsSilentForTooLong() throws IOException {
        proxy.with(builder -> builder.streamIdleTimeout(SHORT));
        proxy.upstream().enqueue(Answers.eventHead().then(Step.chunk("half"), new Step.Never()));

        RawResponse response = proxy.get("/").readResponse();

        assertThat(response.text()).isEqualTo("half");
        assertThat(response.integrity()).isIn(Integrity.CUT_BY_FIN, Integrity.CUT_BY_RST);
        proxy.expectEnd(Outcome.TIMED_OUT);
        assertPromptEnd(proxy.upstream().awaitConnection(1), System.nanoTime(), SHORT);
    }
}
