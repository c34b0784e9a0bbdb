package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class GatherWriterTest {

    private static final String HEAD = "HTTP/1.1 200 OK\r\n\r\n";
    private static final boolean CHUNKED = true;
    private static final boolean PLAIN = false;

    private final ArrayByteBufferPool.Tracking pool = new ArrayByteBufferPool.Tracking();
    private final CountingEndPoint endPoint = new CountingEndPoint();

    @AfterEach
    void hasReturnedItsBuffer() {
        assertThat(pool.getLeaks()).isEmpty();
    }

    private Callback.Completable write(String head, List<String> data, boolean isChunked, HttpFields trailers) {
        return write(new GatherWriter(endPoint, pool), head, data, isChunked, trailers);
    }

    private static Callback.Completable write(
            GatherWriter writer, String head, List<String> data, boolean isChunked, HttpFields trailers) {
        Callback.Completable done = new Callback.Completable();
        List<Content.Chunk> chunks = data.stream()
                .map(text -> ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)))
                .map(bytes -> Content.Chunk.from(bytes, false))
                .toList();
        HeadWriter headWriter = head.isEmpty() ? null : new HeadWriter().text(head);
        writer.write(headWriter, chunks, isChunked, trailers, done);
        return done;
    }

    static Stream<Arguments> writes() {
        HttpFields none = null;
        HttpFields two = HttpFields.build().add("X-Sum", "1").add("X-Two", "2");
        String big = "x".repeat(4096);
        return Stream.of(
                argumentSet("head alone", HEAD, List.of(), PLAIN, none, HEAD),
                argumentSet("data alone", "", List.of("abc", "de"), PLAIN, none, "abcde"),
                argumentSet("head and data", HEAD, List.of("abc"), PLAIN, none, HEAD + "abc"),
                argumentSet("one chunk with its CRLF", "", List.of("abc"), CHUNKED, none, "3\r\nabc\r\n"),
                argumentSet("hexadecimal size", "", List.of(big), CHUNKED, none, "1000\r\n" + big + "\r\n"),
                argumentSet(
                        "head and two chunks",
                        HEAD,
                        List.of("abc", "de"),
                        CHUNKED,
                        none,
                        HEAD + "3\r\nabc\r\n2\r\nde\r\n"),
                argumentSet("an empty chunk is no end", HEAD, List.of("", "a"), CHUNKED, none, HEAD + "1\r\na\r\n"),
                argumentSet("the end alone", "", List.of(), CHUNKED, HttpFields.EMPTY, "0\r\n\r\n"),
                argumentSet("all at once", HEAD, List.of("a"), CHUNKED, HttpFields.EMPTY, HEAD + "1\r\na\r\n0\r\n\r\n"),
                argumentSet("trailers", "", List.of("a"), CHUNKED, two, "1\r\na\r\n0\r\nX-Sum: 1\r\nX-Two: 2\r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("writes")
    void writesAllThereIsAtOnce(String head, List<String> data, boolean isChunked, HttpFields trailers, String expected)
            throws Exception {
        write(head, data, isChunked, trailers).get(5, TimeUnit.SECONDS);

        assertThat(endPoint.takeOutputString(StandardCharsets.ISO_8859_1)).isEqualTo(expected);
        assertThat(endPoint.flushes).isEqualTo(1);
    }

    @Test
    void writesOnePieceAfterTheOtherWhateverCameBefore() throws Exception {
        GatherWriter writer = new GatherWriter(endPoint, pool);
        String big = "x".repeat(4096);

        write(writer, HEAD, List.of(), CHUNKED, null).get(5, TimeUnit.SECONDS);
        write(writer, "", List.of(big, "ab", "c"), CHUNKED, null).get(5, TimeUnit.SECONDS);
        write(writer, "", List.of(), CHUNKED, null).get(5, TimeUnit.SECONDS);
        write(writer, "", List.of("de"), CHUNKED, null).get(5, TimeUnit.SECONDS);
        write(writer, "", List.of("fgh"), CHUNKED, null).get(5, TimeUnit.SECONDS);
        write(writer, "", List.of("", "i", "jk"), CHUNKED, HttpFields.EMPTY).get(5, TimeUnit.SECONDS);

        assertThat(endPoint.takeOutputString(StandardCharsets.ISO_8859_1))
                .isEqualTo(HEAD + "1000\r\n" + big + "\r\n2\r\nab\r\n1\r\nc\r\n2\r\nde\r\n3\r\nfgh\r\n"
                        + "1\r\ni\r\n2\r\njk\r\n0\r\n\r\n");
    }

    @Test
    void goesOnWithTheNextWriteFromTheEndOfTheOneBefore() {
        GatherWriter writer = new GatherWriter(endPoint, pool);
        List<Content.Chunk> second = List.of(Content.Chunk.from(ByteBuffer.wrap(new byte[] {'b', 'c'}), false));

        writer.write(
                null,
                List.of(Content.Chunk.from(ByteBuffer.wrap(new byte[] {'a'}), false)),
                CHUNKED,
                null,
                Callback.from(() -> writer.write(null, second, CHUNKED, HttpFields.EMPTY, Callback.NOOP)));

        assertThat(endPoint.takeOutputString(StandardCharsets.ISO_8859_1)).isEqualTo("1\r\na\r\n2\r\nbc\r\n0\r\n\r\n");
        assertThat(writer.writingSince()).isZero();
    }

    @Test
    void tellsSinceWhenAWriteIsHeldUp() {
        GatherWriter writer = new GatherWriter(endPoint, pool);
        endPoint.isStuck = true;
        long before = System.nanoTime();

        write(writer, HEAD, List.of("abc"), CHUNKED, null);

        assertThat(writer.writingSince()).isBetween(before, System.nanoTime() | 1);
        endPoint.fail(new IOException("client left"));
        assertThat(writer.writingSince()).isZero();
    }

    @Test
    void writesNothingWhenThereIsNothing() throws Exception {
        write("", List.of(), PLAIN, null).get(5, TimeUnit.SECONDS);

        assertThat(endPoint.flushes).isZero();
    }

    @Test
    void waitsForAClientThatDoesNotRead() {
        endPoint.isStuck = true;

        Callback.Completable done = write("", List.of("abc"), CHUNKED, null);

        assertThat(done).isNotDone();
        endPoint.fail(new IOException("client left"));
        assertThat(done).isCompletedExceptionally();
    }

    @Test
    void tellsThatTheClientHasLeft() {
        endPoint.close();

        Callback.Completable done = write(HEAD, List.of(), PLAIN, null);

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> done.get(5, TimeUnit.SECONDS))
                .withCauseInstanceOf(IOException.class);
    }

    private static final class CountingEndPoint extends ByteArrayEndPoint {

        private int flushes;
        private boolean isStuck;

        CountingEndPoint() {
            super(new byte[0], 64, true);
        }

        @Override
        public boolean flush(ByteBuffer... buffers) throws IOException {
            flushes++;
            return !isStuck && super.flush(buffers);
        }

        void fail(Throwable cause) {
            getWriteFlusher().onFail(cause);
        }
    }
}
