package dev.aiproxy.it;

import static dev.aiproxy.it.ProxyErrors.assertProxyError;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An upstream that never comes to the point costs a bounded amount of memory. */
final class ResponseFloodIT {
    private static final int MEGABYTE = 1024 * 1024;
    private static final String INTERIM = "HTTP/1.1 103 Early Hints\r\nLink: " + "x".repeat(900) + "\r\n\r\n";
    private static final int FLOOD_MEGABYTES = 96;
    /** What the buffers of two sockets and of the proxy may hold together. */
    private static final long MOST_BYTES_TAKEN = 24L * MEGABYTE;

    private static final Duration STANDSTILL = Duration.ofSeconds(2);

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    /** So many megabytes of this text, after this beginning. */
    private static Script flood(int megabytes, String beginning, String line) {
        List<Step> steps = new ArrayList<>(List.of(new Step.ReadBody(), Step.send(beginning)));
        String piece = line.repeat(MEGABYTE / line.length());
        for (int i = 0; i < megabytes; i++) {
            steps.add(Step.send(piece));
        }
        return new Script(steps);
    }

    @ParameterizedTest
    @ValueSource(strings = {"A: b\r\n", "A: b\r\n c\r\n", "A", "\r\n", " "})
    void refusesAHeadWithoutEnd(String line) throws IOException {
        String beginning = line.equals("\r\n") ? "" : "HTTP/1.1 200 OK\r\nX: y" + (line.endsWith("\n") ? "\r\n" : "");
        proxy.upstream().enqueue(flood(10, beginning, line));

        RawResponse response = proxy.get("/").readResponse();

        assertProxyError(response, 502, "upstream_bad_response");
        proxy.upstream().awaitConnection(1).awaitEnd(Eventually.PATIENCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"A: b\r\n", "A"})
    void tearsAnAnswerWhoseTrailersHaveNoEnd(String line) throws IOException {
        proxy.upstream()
                .enqueue(flood(10, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n", line));

        RawResponse response = proxy.get("/").readResponse();

        assertThat(response.integrity()).isNotEqualTo(RawResponse.Integrity.WHOLE);
        proxy.upstream().awaitConnection(1).awaitEnd(Eventually.PATIENCE);
    }

    /** A client that reads nothing holds up an upstream that says "wait" without end. */
    @Test
    void takesNoMoreInterimResponsesThanTheClientTakes() throws IOException {
        proxy.upstream().enqueue(flood(FLOOD_MEGABYTES, "", INTERIM));

        RawClient client = proxy.get("/");
        RecordedConnection connection = proxy.upstream().awaitConnection(1);
        awaitStandstill(connection);

        assertThat(connection.sentBytes()).isLessThan(MOST_BYTES_TAKEN);
        client.reset();
    }

    /** No server says so much before its answer; and what piles up for a client that does not read is memory. */
    @Test
    void refusesInterimResponsesThatPileUp() throws IOException {
        proxy.upstream().enqueue(flood(16, "", INTERIM).then(Answers.ok().steps()));
        RawClient client = proxy.get("/");
        awaitStandstill(proxy.upstream().awaitConnection(1));

        RawResponse response = client.readResponse();

        assertThat(response.status()).isEqualTo(502);
    }

    /** Waits until all is taken, or nothing more for a while. */
    private static void awaitStandstill(RecordedConnection connection) {
        long[] before = {-1};
        long[] since = {System.nanoTime()};
        Eventually.await("the upstream to be held up", Duration.ofSeconds(30), () -> {
            if (before[0] != connection.sentBytes()) {
                before[0] = connection.sentBytes();
                since[0] = System.nanoTime();
            }
            boolean isStill = System.nanoTime() - since[0] > STANDSTILL.toNanos();
            return isStill || connection.ending() != Ending.OPEN;
        });
    }
}
