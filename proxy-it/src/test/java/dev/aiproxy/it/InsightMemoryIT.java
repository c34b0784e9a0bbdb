package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.aiproxy.internal.insight.AnswerReader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A stream costs no garbage, however long it is. */
final class InsightMemoryIT {

    private static final int WARM_UP_EVENTS = 20_000;
    private static final int EVENTS = 100_000;
    private static final int MOST_ROUNDS = 5;

    /** In bytes, for all events together: what the JVM itself may do meanwhile. */
    private static final long NEXT_TO_NOTHING = 10_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/event-stream | data: {\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"usage\":null}^^",
                "text/event-stream | event: x^data: {\"type\":\"content_block_delta\",\"delta\":{\"text\":\"x\"}}^^",
                "text/event-stream | data: {\"type\":\"response.output_text.delta\",\"delta\":\"x\"}^^",
                "application/x-ndjson | {\"model\":\"m\",\"message\":{\"content\":\"x\"},\"done\":false,\"eval_count\":7}^",
            })
    void allocatesNothingForAnEvent(String contentType, String event) {
        AnswerReader reader = AnswerReader.of(200, contentType, null).orElseThrow();
        byte[] bytes = event.replace('^', '\n').getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        readTimes(reader, buffer, WARM_UP_EVENTS);

        long allocated = Long.MAX_VALUE;
        int rounds = 0;
        // A compiler that others keep from its work may not be through yet.
        while (allocated >= NEXT_TO_NOTHING && rounds < MOST_ROUNDS) {
            long before = threads.getCurrentThreadAllocatedBytes();
            readTimes(reader, buffer, EVENTS);
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
            rounds++;
        }

        assertThat(reader.answer(0).orElseThrow().tokenEvents()).isEqualTo(WARM_UP_EVENTS + rounds * EVENTS);
        assertThat(allocated).isLessThan(NEXT_TO_NOTHING);
    }

    private static void readTimes(AnswerReader reader, ByteBuffer event, int times) {
        for (int i = 0; i < times; i++) {
            reader.read(event, 0, event.limit(), i);
        }
    }
}
