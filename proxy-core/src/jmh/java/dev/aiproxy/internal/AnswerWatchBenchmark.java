package dev.aiproxy.internal;

import dev.aiproxy.internal.insight.AnswerReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What reading answers costs on their way through, which {@code AI_INSIGHT=off} spares: all of this. */
// It is the most code, and takes the longest to compile.
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class AnswerWatchBenchmark extends PieceBenchmark {

    /** The events of a stream as its vendor documents it, each a piece. */
    @State(Scope.Thread)
    public static class Events {

        @Param({"openai-chat.sse", "anthropic.sse"})
        private String transcript;

        private List<List<Content.Chunk>> pieces;
        private AnswerWatch watch;
        private int next;

        @Setup
        public void begin() throws IOException {
            pieces = Arrays.stream(text(transcript).split("(?<=\n\n)"))
                    .map(AnswerWatchBenchmark::piece)
                    .toList();
            watch = newWatch("text/event-stream");
        }

        private List<Content.Chunk> next() {
            next = next + 1 == pieces.size() ? 0 : next + 1;
            return pieces.get(next);
        }
    }

    private final List<Content.Chunk> wholeAnswer = piece(text("openai-chat.json"));

    private static String text(String transcript) {
        try (InputStream resource = AnswerReader.class.getResourceAsStream(transcript)) {
            return new String(Objects.requireNonNull(resource).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError("the tests bring it", e);
        }
    }

    private static List<Content.Chunk> piece(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        return List.of(Content.Chunk.from(buffer, false));
    }

    private static AnswerWatch newWatch(String contentType) {
        HttpFields fields = HttpFields.build().add("Content-Type", contentType);
        return Objects.requireNonNull(AnswerWatch.of(new ResponseHead(200, "OK", fields, null, false)));
    }

    @Benchmark
    public boolean nextEvent(Events events) {
        return read(events.watch, events.next());
    }

    /** Of an answer that is no stream, with the watch that is made for it. */
    @Benchmark
    public boolean wholeAnswer() {
        return read(newWatch("application/json"), wholeAnswer);
    }

    private static boolean read(AnswerWatch watch, List<Content.Chunk> data) {
        watch.arrived(data, System.nanoTime());
        return watch.written(data);
    }
}
