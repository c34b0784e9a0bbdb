package dev.aiproxy.it.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.eclipse.jetty.http.compression.HuffmanEncoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HuffmanTest {
    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "f1e3c2e5f23a6ba0ab90f4ff | www.example.com",
                "a8eb10649cbf | no-cache",
                "25a849e95ba97d7f | custom-key",
                "d07abe941054d444a8200595040b8166e082a62d1bff | Mon, 21 Oct 2013 20:13:21 GMT",
            })
    void decodesTheExamplesOfRfc7541(String hex, String text) throws IOException {
        assertThat(decode(HexFormat.of().parseHex(hex))).isEqualTo(text);
    }

    @Test
    void decodesEveryCharacterThatJettyEncodes() throws IOException {
        StringBuilder all = new StringBuilder();
        for (char character = ' '; character < 127; character++) {
            all.append(character);
        }
        ByteBuffer encoded = ByteBuffer.allocate(1000);
        HuffmanEncoder.encode(encoded, all.toString());

        String decoded = Huffman.decode(encoded.flip(), encoded.remaining());

        assertThat(decoded).isEqualTo(all.toString());
        assertThat(encoded.hasRemaining()).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"ff, more than seven bits of filling", "18, zeros as filling", "3fffffff, the code of the end"})
    void refusesWhatIsNoWholeString(String hex, String what) {
        assertThatExceptionOfType(Http2Failure.class)
                .as(what)
                .isThrownBy(() -> decode(HexFormat.of().parseHex(hex)));
    }

    private static String decode(byte... bytes) throws IOException {
        return Huffman.decode(ByteBuffer.wrap(bytes), bytes.length);
    }
}
