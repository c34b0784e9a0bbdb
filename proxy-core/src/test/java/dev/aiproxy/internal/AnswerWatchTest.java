package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.AiAnswer;
import dev.aiproxy.Outcome;
import dev.aiproxy.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.junit.jupiter.api.Test;

final class AnswerWatchTest {

    private static AnswerWatch newWatch() {
        HttpFields fields = HttpFields.build().add("Content-Type", "text/event-stream");
        return Objects.requireNonNull(AnswerWatch.of(new ResponseHead(200, "OK", fields, null, false)));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void write(ByteBuffer... buffers) {
        for (ByteBuffer buffer : buffers) {
            buffer.position(buffer.limit());
        }
    }

    @Test
    void readsWhatAWriteHasUsedUp() {
        AnswerWatch watch = newWatch();
        ByteBuffer first = bytes("xxdata: {\"model\":\"m\",").position(2);
        ByteBuffer second = bytes("\"choices\":[{\"text\":\"t\"}]}\n\n");
        List<Content.Chunk> chunks = List.of(Content.Chunk.from(first, false), Content.Chunk.from(second, false));

        watch.arrived(chunks, 700);
        write(first, second);
        boolean hasFirstToken = watch.written(chunks);

        AiAnswer answer = watch.answer(0).orElseThrow();
        assertThat(hasFirstToken).isTrue();
        assertThat(answer.model()).contains("m");
        assertThat(answer.timeToFirstToken())
                .hasValueSatisfying(time -> assertThat(time.toNanos()).isEqualTo(700));
    }

    @Test
    void readsNothingTwice() {
        AnswerWatch watch = newWatch();
        List<Content.Chunk> chunks = List.of(Content.Chunk.from(bytes("data: {\"delta\":\"t\"}\n\n"), false));

        watch.arrived(chunks, 1);
        watch.written(chunks);
        watch.written(chunks);
        watch.written(List.of());

        assertThat(watch.answer(0).orElseThrow().tokenEvents()).isEqualTo(1);
    }

    /** Nobody promises what becomes of a buffer; one that has changed meanwhile must do no harm. */
    @Test
    void leavesAnAnswerAloneThatCannotBeRead() {
        AnswerWatch watch = newWatch();
        ByteBuffer bytes = bytes("data: {\"delta\":\"t\"}\n\n");
        List<Content.Chunk> chunks = List.of(Content.Chunk.from(bytes, false));

        watch.arrived(chunks, 1);
        bytes.position(0).limit(3);

        assertThat(watch.written(chunks)).isFalse();
        assertThat(watch.answer(0)).isEmpty();
        assertThat(watch.judged(0, Outcome.COMPLETED)).isEmpty();
    }

    @Test
    void tellsWhatBecameOfAnAnswer() {
        AnswerWatch watch = newWatch();

        assertThat(watch.judged(0, Outcome.UPSTREAM_CUT).orElseThrow().verdict())
                .isEqualTo(Verdict.UPSTREAM_CUT);
    }

    @Test
    void looksAtNothingThatIsCompressed() {
        HttpFields fields =
                HttpFields.build().add("Content-Type", "text/event-stream").add("Content-Encoding", "gzip");

        assertThat(AnswerWatch.of(new ResponseHead(200, "OK", fields, null, false)))
                .isNull();
    }
}
