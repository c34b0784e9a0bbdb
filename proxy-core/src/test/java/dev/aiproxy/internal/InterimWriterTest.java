package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

final class InterimWriterTest {

    private final SlowEndPoint endPoint = new SlowEndPoint();
    private final InterimWriter writer = new InterimWriter(endPoint);
    private final AtomicInteger finals = new AtomicInteger();

    @Test
    void writesWhatCameMeanwhileAtOnceAndTheFinalResponseBehindIt() {
        writer.write(head("a"));
        writer.write(head("b"));
        writer.write(head("c"));
        writer.afterwards(finals::incrementAndGet);
        assertThat(endPoint.written).hasToString("a");

        writer.succeeded();
        assertThat(endPoint.written).hasToString("abc");
        assertThat(finals).hasValue(0);

        writer.succeeded();
        assertThat(finals).hasValue(1);
    }

    @Test
    void letsTheFinalResponseGoWhenAHeadCannotBeWritten() {
        writer.write(head("a"));
        writer.afterwards(finals::incrementAndGet);

        writer.failed(new IllegalStateException("gone"));

        assertThat(finals).hasValue(1);
    }

    private static HeadWriter head(String text) {
        return new HeadWriter().bytes(text.getBytes(StandardCharsets.US_ASCII), 0, text.length());
    }

    /** Whose writes end when a test says so. */
    private static final class SlowEndPoint extends ByteArrayEndPoint {
        private final StringBuffer written = new StringBuffer();

        @Override
        public void write(Callback callback, ByteBuffer... buffers) {
            for (ByteBuffer buffer : buffers) {
                written.append(StandardCharsets.US_ASCII.decode(buffer));
            }
        }
    }
}
