package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A side that does not read stops the other side; nothing piles up between them and nothing is lost. */
@ParameterizedClass
@EnumSource
final class BackPressureIT {
    private static final long BODY_BYTES = 64L * 1024 * 1024;
    /** What the kernel sends ahead on two connections, and the proxy holds; without what it keeps for a reader. */
    private static final long MOST_SENT_AHEAD_BYTES = 10L * 1024 * 1024;

    private static final Path RECEIVE_BUFFERS = Path.of("/proc/sys/net/ipv4/tcp_rmem");
    private static final long USUAL_RECEIVE_BUFFER_BYTES = 6L * 1024 * 1024;
    private static final long MOST_IN_FLIGHT_BYTES = MOST_SENT_AHEAD_BYTES + mostInAReceiveBuffer();
    private static final int PIECE_BYTES = 64 * 1024;

    /** The largest that the kernel makes for a connection that is read fast, as one is until the other stops: tcp(7). */
    private static long mostInAReceiveBuffer() {
        try {
            // By lines: whoever reads such a file in more than one piece gets the first alone.
            String[] leastUsualMost = Files.readAllLines(RECEIVE_BUFFERS).get(0).split("\\s+");
            return Long.parseLong(leastUsualMost[2]);
        } catch (IOException notLinux) {
            return USUAL_RECEIVE_BUFFER_BYTES;
        }
    }

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    BackPressureIT(Transport transport) {
        transport.of(proxy);
    }

    @Test
    void stopsTheUpstreamWhenTheClientStopsReading() throws IOException {
        proxy.upstream()
                .enqueue(Answers.headOnly("HTTP/1.1 200 OK", "Content-Length: " + BODY_BYTES)
                        .then(new Step.Pour(BODY_BYTES)));
        RawClient client = proxy.get("/big");
        client.readHead();

        RecordedConnection connection = proxy.upstream().takeRequest().connection();
        assertThat(Stall.await("the response", connection::sentBytes)).isLessThan(MOST_IN_FLIGHT_BYTES);

        CRC32C checksum = new CRC32C();
        for (long read = 0; read < BODY_BYTES; ) {
            byte[] piece = client.readSome();
            assertThat(piece).as("the body ended after %d bytes", read).isNotEmpty();
            checksum.update(piece);
            read += piece.length;
        }
        assertThat(checksum.getValue()).isEqualTo(Pattern.checksum(BODY_BYTES));
        assertThat(proxy.expectEnd(Outcome.COMPLETED).responseBytes()).isEqualTo(BODY_BYTES);
    }

    @Test
    void stopsTheClientWhenTheUpstreamStopsReading() throws Exception {
        Gate gate = Gate.named("reading again");
        proxy.upstream()
                .enqueue(Script.of(new Step.StopReading(), Step.await(gate), new Step.ResumeReading())
                        .then(Answers.ok().steps()));
        RawClient client =
                proxy.connect().send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + BODY_BYTES + "\r\n\r\n");
        AtomicLong sent = new AtomicLong();
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendPattern(client, sent));
        RecordedRequest request = proxy.upstream().takeRequest();

        assertThat(Stall.await("the upload", sent::get)).isLessThan(MOST_IN_FLIGHT_BYTES);

        gate.open();
        sending.get(60, TimeUnit.SECONDS);
        assertThat(client.readResponse().status()).isEqualTo(200);
        assertThat(request.bodyBytes()).isEqualTo(BODY_BYTES);
        assertThat(request.bodyChecksum()).isEqualTo(Pattern.checksum(BODY_BYTES));
        assertThat(proxy.expectEnd(Outcome.COMPLETED).requestBytes()).isEqualTo(BODY_BYTES);
    }

    private static void sendPattern(RawClient client, AtomicLong sent) {
        byte[] piece = new byte[PIECE_BYTES];
        try {
            while (sent.get() < BODY_BYTES) {
                Pattern.fill(piece, sent.get());
                client.send(Arrays.copyOf(piece, (int) Math.min(PIECE_BYTES, BODY_BYTES - sent.get())));
                sent.addAndGet(PIECE_BYTES);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
