package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HeadCaptureTest {

    private static final String GET = "GET /get HTTP/1.1\r\nhost: x\r\n\r\n";
    private static final String POST = "POST /post HTTP/1.1\r\nhost: x\r\n\r\n";
    private static final HttpFields HOST = HttpFields.build().add("Host", "x");

    private final HeadCapture capture = new HeadCapture();

    /** Reads as Jetty does: what was read before is still in the buffer, in front of what is new. */
    private void read(String bytes) {
        String before = "read before";
        ByteBuffer buffer = ByteBuffer.allocate(1024);
        buffer.put((before + bytes).getBytes(StandardCharsets.ISO_8859_1)).flip();
        capture.filled(buffer, bytes.length());
        assertThat(buffer.remaining()).isEqualTo(before.length() + bytes.length());
    }

    private String takeStartLine(long bodyLength) {
        RawHead head = capture.take(HOST, bodyLength);
        return head == null ? "none" : head.startLine();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100})
    void putsAHeadTogetherThatCameInPieces(int pieceLength) {
        for (int from = 0; from < GET.length(); from += pieceLength) {
            read(GET.substring(from, Math.min(GET.length(), from + pieceLength)));
        }

        RawHead head = capture.take(HOST, 0);

        assertThat(head).isNotNull();
        assertThat(head.startLine()).isEqualTo("GET /get HTTP/1.1");
        assertThat(head.name(0, 4)).isEqualTo("host");
        assertThat(capture.isEmpty()).isTrue();
    }

    @Test
    void keepsPipelinedHeads() {
        read(GET + POST + GET);

        assertThat(takeStartLine(0)).isEqualTo("GET /get HTTP/1.1");
        assertThat(takeStartLine(0)).isEqualTo("POST /post HTTP/1.1");
        assertThat(takeStartLine(0)).isEqualTo("GET /get HTTP/1.1");
        assertThat(capture.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\r\n\r\n", "\r\n\r\n\r\n"})
    void ignoresEmptyLinesInFrontOfAHead(String emptyLines) {
        read(emptyLines + GET);

        assertThat(takeStartLine(0)).isEqualTo("GET /get HTTP/1.1");
    }

    @Test
    void takesABodyReadWithItsHeadForNoHead() {
        read(POST + "body" + GET);

        assertThat(takeStartLine(4)).isEqualTo("POST /post HTTP/1.1");
        assertThat(takeStartLine(0)).isEqualTo("GET /get HTTP/1.1");
    }

    @Test
    void takesABodyReadLaterForNoHead() {
        read(POST + "bo");
        assertThat(takeStartLine(10)).isEqualTo("POST /post HTTP/1.1");

        read("dy\r\n");
        assertThat(capture.isEmpty()).isTrue();
        read("\r\nxx" + GET);

        assertThat(takeStartLine(0)).isEqualTo("GET /get HTTP/1.1");
    }

    @Test
    void takesNothingBehindAChunkedHeadForAHeadUntilItsBodyEnds() {
        read(POST + "4\r\nbody\r\n");
        assertThat(takeStartLine(HeadCapture.UNKNOWN_LENGTH)).isEqualTo("POST /post HTTP/1.1");
        read("0\r\n\r\n");
        assertThat(capture.isEmpty()).isTrue();

        capture.bodyEnds();
        read(GET);

        assertThat(takeStartLine(0)).isEqualTo("GET /get HTTP/1.1");
    }

    @Test
    void knowsNotAHeadReadTogetherWithTheEndOfAChunkedBody() {
        read(POST);
        takeStartLine(HeadCapture.UNKNOWN_LENGTH);
        read("0\r\n\r\n" + GET);
        capture.bodyEnds();

        assertThat(takeStartLine(0)).isEqualTo("none");
    }

    @Test
    void findsTheNextHeadAfterOneItDidNotKnow() {
        knowsNotAHeadReadTogetherWithTheEndOfAChunkedBody();

        read(POST);

        assertThat(takeStartLine(0)).isEqualTo("POST /post HTTP/1.1");
    }

    @Test
    void forgetsWhatItKeptWhenItIsReset() {
        read(POST);
        takeStartLine(HeadCapture.UNKNOWN_LENGTH);
        capture.reset();
        read("GET /half");
        capture.reset();

        assertThat(capture.isEmpty()).isTrue();
        assertThat(capture.isAtHead()).isTrue();
        read(GET);
        assertThat(takeStartLine(0)).isEqualTo("GET /get HTTP/1.1");
    }
}
