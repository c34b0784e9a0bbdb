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
    private static final String POST = "POST /post HTTP/1.1\r\nHOST: x\r\n\r\n";
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

    private String takeName(long bodyLength) {
        RawHead head = capture.take(HOST, bodyLength);
        return head == null ? "none" : head.name(0, 4);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100})
    void putsAHeadTogetherThatCameInPieces(int pieceLength) {
        for (int from = 0; from < GET.length(); from += pieceLength) {
            read(GET.substring(from, Math.min(GET.length(), from + pieceLength)));
        }

        RawHead head = capture.take(HOST, 0);

        assertThat(head).isNotNull();
        assertThat(head.name(0, 4)).isEqualTo("host");
        assertThat(capture.isEmpty()).isTrue();
    }

    @Test
    void keepsPipelinedHeads() {
        read(GET + POST + GET);

        assertThat(takeName(0)).isEqualTo("host");
        assertThat(takeName(0)).isEqualTo("HOST");
        assertThat(takeName(0)).isEqualTo("host");
        assertThat(capture.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\r\n\r\n", "\r\n\r\n\r\n"})
    void ignoresEmptyLinesInFrontOfAHead(String emptyLines) {
        read(emptyLines + GET);

        assertThat(takeName(0)).isEqualTo("host");
    }

    @Test
    void takesABodyReadWithItsHeadForNoHead() {
        read(POST + "body" + GET);

        assertThat(takeName(4)).isEqualTo("HOST");
        assertThat(takeName(0)).isEqualTo("host");
    }

    @Test
    void takesABodyReadLaterForNoHead() {
        read(POST + "bo");
        assertThat(takeName(10)).isEqualTo("HOST");

        read("dy\r\n");
        assertThat(capture.isEmpty()).isTrue();
        read("\r\nxx" + GET);

        assertThat(takeName(0)).isEqualTo("host");
    }

    @Test
    void takesNothingBehindAChunkedHeadForAHeadUntilItsBodyEnds() {
        read(POST + "4\r\nbody\r\n");
        assertThat(takeName(HeadCapture.UNKNOWN_LENGTH)).isEqualTo("HOST");
        read("0\r\n\r\n");
        assertThat(capture.isEmpty()).isTrue();

        capture.bodyEnds();
        read(GET);

        assertThat(takeName(0)).isEqualTo("host");
    }

    @Test
    void knowsNotAHeadReadTogetherWithTheEndOfAChunkedBody() {
        read(POST);
        takeName(HeadCapture.UNKNOWN_LENGTH);
        read("0\r\n\r\n" + GET);
        capture.bodyEnds();

        assertThat(takeName(0)).isEqualTo("none");
    }

    @Test
    void findsTheNextHeadAfterOneItDidNotKnow() {
        knowsNotAHeadReadTogetherWithTheEndOfAChunkedBody();
        read("perhaps its body");
        assertThat(capture.isEmpty()).isTrue();

        capture.bodyEnds();
        read(POST);

        assertThat(takeName(0)).isEqualTo("HOST");
    }

    @Test
    void forgetsWhatItKeptWhenItIsReset() {
        read(POST);
        takeName(HeadCapture.UNKNOWN_LENGTH);
        capture.reset();
        read("GET /half");
        capture.reset();

        assertThat(capture.isEmpty()).isTrue();
        read(GET);
        assertThat(takeName(0)).isEqualTo("host");
    }

    /** Else the bytes of one message could speak for another: request smuggling. */
    @Test
    void takesNoHeadForAnotherOne() {
        read("POST /one HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");

        HttpFields two = HttpFields.build().add("Host", "x").add("Content-Length", "36");

        assertThat(capture.take(two, 36)).isNull();
        assertThat(capture.isEmpty()).isTrue();
    }

    @Test
    void keepsNoMoreThanAHeadMayHave() {
        String kilobyte = "x".repeat(1000);
        for (int i = 0; i < 2000; i++) {
            read(kilobyte);
        }

        assertThat(capture.isEmpty()).isTrue();
    }
}
