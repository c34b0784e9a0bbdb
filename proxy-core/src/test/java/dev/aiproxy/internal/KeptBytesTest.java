package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class KeptBytesTest {

    private final KeptBytes kept = new KeptBytes(8);

    private void add(String bytes) {
        ByteBuffer read = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1));
        kept.add(read);
        assertThat(read.remaining()).isEqualTo(bytes.length());
    }

    private String next() {
        ByteBuffer bytes = kept.next();
        return bytes == null
                ? "none"
                : StandardCharsets.ISO_8859_1.decode(bytes).toString();
    }

    @Test
    void handsOutAllOnceAfterARewind() {
        add("abc");
        add("");
        add("defgh");

        assertThat(next()).isEqualTo("none");
        assertThat(kept.isComplete()).isTrue();
        kept.rewind();
        assertThat(next()).isEqualTo("abcdefgh");
        assertThat(next()).isEqualTo("none");
    }

    @Test
    void keepsOnAfterARewind() {
        add("abc");
        kept.rewind();
        next();
        add("de");

        assertThat(kept.isComplete()).isTrue();
        kept.rewind();
        assertThat(next()).isEqualTo("abcde");
    }

    @Test
    void keepsNothingOfWhatIsTooLong() {
        add("abcdefgh");
        add("i");
        add("j");

        assertThat(kept.isComplete()).isFalse();
        kept.rewind();
        assertThat(next()).isEqualTo("none");
    }

    @Test
    void forgets() {
        add("abc");
        kept.forget();
        add("d");

        assertThat(kept.isComplete()).isFalse();
        kept.rewind();
        assertThat(next()).isEqualTo("none");
    }

    @Test
    void rewindsABodyThatHasNotBegun() {
        assertThat(kept.isComplete()).isTrue();
        kept.rewind();
        assertThat(next()).isEqualTo("none");
    }

    @Test
    void keepsNoBodyWithoutRoomForIt() {
        KeptBytes none = new KeptBytes(0);
        none.add(ByteBuffer.allocate(1));

        assertThat(none.isComplete()).isFalse();
        none.rewind();
    }
}
