package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.net.URI;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the proxy's threads allocate, with room for another JVM to be worse: what costs garbage costs time, and can be counted
 * where time cannot be measured. One piece at a time, so that nothing is saved by taking several at once.
 */
final class AllocationIT {

    /** Of this size, the benchmark's events are, too. */
    private static final String EVENT =
            "data: {\"choices\":[{\"delta\":{\"content\":\"token\"}}]}" + " ".repeat(160) + "\n\n";

    private static final String ANSWER = "{\"answer\":\"yes\"}";
    private static final String QUESTION = "{\"question\":\"is it?\"}";
    private static final int MOST_ROUNDS = 6;
    private static final long MOST_FOR_A_PIECE = 770;
    private static final long MOST_FOR_A_REQUEST = 19_200;

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void costsLittleForAPieceOfAStream() throws IOException {
        try (RawServer server = RawServer.open()) {
            RawClient client =
                    proxy.target(URI.create("http://" + server.authority())).get("/v1/stream");
            RawClient upstream = server.accept();
            upstream.readHead();
            upstream.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.readHead();

            long bytes = leastOf(3_000, () -> {
                upstream.sendChunk(EVENT);
                assertThat(client.readChunk()).isEqualTo(EVENT);
            });

            assertThat(bytes).as("bytes for a piece").isLessThan(MOST_FOR_A_PIECE);
            upstream.send("0\r\n\r\n");
            assertThat(client.readRaw("0\r\n\r\n".length())).isEqualTo("0\r\n\r\n");
        }
    }

    @Test
    void costsLittleForARequest() throws IOException {
        proxy.upstream().answer(request -> Answers.json(200, ANSWER));
        RawClient client = proxy.connect();

        long bytes = leastOf(1_500, () -> {
            client.send(proxy.postRequest("/v1/short", QUESTION));
            assertThat(client.readResponse().text()).isEqualTo(ANSWER);
        });

        assertThat(bytes).as("bytes for a request").isLessThan(MOST_FOR_A_REQUEST);
    }

    /** The least of some rounds: a compiler that others keep from its work may not be through yet. */
    private long leastOf(int times, Work work) throws IOException {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            long before = allocatedBytes();
            for (int i = 0; i < times; i++) {
                work.run();
            }
            least = Math.min(least, (allocatedBytes() - before) / times);
        }
        return least;
    }

    private long allocatedBytes() {
        long[] ids = Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(Objects::nonNull)
                .filter(thread -> thread.getThreadName().startsWith("ai-proxy"))
                .mapToLong(ThreadInfo::getThreadId)
                .toArray();
        return Arrays.stream(threads.getThreadAllocatedBytes(ids)).sum();
    }

    private interface Work {
        void run() throws IOException;
    }
}
