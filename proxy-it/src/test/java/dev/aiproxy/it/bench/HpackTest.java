package dev.aiproxy.it.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the examples of RFC 7541, appendix C. */
final class HpackTest {
    private final HpackReader reader = new HpackReader();

    @ParameterizedTest(name = "{0} in {1} bits is {2}")
    @CsvSource({"0a, 5, 10", "1f9a0a, 5, 1337", "2a, 8, 42"})
    void readsNumbers(String hex, int bits, int number) throws IOException {
        assertThat(HpackReader.number(ByteBuffer.wrap(HexFormat.of().parseHex(hex)), bits))
                .isEqualTo(number);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "400a637573746f6d2d6b65790d637573746f6d2d686561646572 | custom-key: custom-header",
                "040c2f73616d706c652f70617468 | :path: /sample/path",
                "100870617373776f726406736563726574 | password: secret",
                "82 | :method: GET",
            })
    void readsEachFormOfAField(String hex, String field) throws IOException {
        assertThat(read(hex)).containsExactly(field);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "828684410f7777772e6578616d706c652e636f6d, 828684be58086e6f2d6361636865, "
                + "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
        "828684418cf1e3c2e5f23a6ba0ab90f4ff, 828684be5886a8eb10649cbf, 828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf",
    })
    void readsRequestsThatReferToEarlierOnes(String first, String second, String third) throws IOException {
        assertThat(read(first))
                .containsExactly(":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com");
        assertThat(read(second))
                .containsExactly(
                        ":method: GET",
                        ":scheme: http",
                        ":path: /",
                        ":authority: www.example.com",
                        "cache-control: no-cache");
        assertThat(read(third))
                .containsExactly(
                        ":method: GET",
                        ":scheme: https",
                        ":path: /index.html",
                        ":authority: www.example.com",
                        "custom-key: custom-value");
        assertThat(reader.table().bytes()).isEqualTo(164);
    }

    @Test
    void forgetsTheOldestFieldsWhenItsTableIsFull() throws IOException {
        String resized = "3fe101";

        List<String> first = read(resized + "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff"
                + "6e919d29ad171863c78f0b97c8e9ae82ae43d3");
        List<String> second = read("4883640effc1c0bf");
        List<String> third = read("88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7"
                + "b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007");

        String location = "location: https://www.example.com";
        assertThat(first)
                .containsExactly(
                        ":status: 302", "cache-control: private", "date: Mon, 21 Oct 2013 20:13:21 GMT", location);
        assertThat(second)
                .containsExactly(
                        ":status: 307", "cache-control: private", "date: Mon, 21 Oct 2013 20:13:21 GMT", location);
        assertThat(third)
                .containsExactly(
                        ":status: 200",
                        "cache-control: private",
                        "date: Mon, 21 Oct 2013 20:13:22 GMT",
                        location,
                        "content-encoding: gzip",
                        "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1");
        assertThat(reader.table().bytes()).isEqualTo(215);
    }

    @Test
    void readsNoMoreThanIsWantedOnceNothingIsKept() throws IOException {
        String nothingKept = "20";
        List<String> fields = new ArrayList<>();

        reader.read(ByteBuffer.wrap(HexFormat.of().parseHex(nothingKept + "8286")), (name, value) -> {
            fields.add(name);
            return false;
        });

        assertThat(fields).containsExactly(":method");
    }

    @Test
    void readsWhatItsWriterWrites() throws IOException {
        String longValue = "x".repeat(5000);
        byte[] block = new HpackWriter()
                .field(":method", "POST")
                .field(":path", "/stream?every=10000")
                .field("x-of-its-own", longValue)
                .block();

        List<String> fields = read(HexFormat.of().formatHex(block));

        assertThat(fields).containsExactly(":method: POST", ":path: /stream?every=10000", "x-of-its-own: " + longValue);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "ff, ends within a number",
        "be, a field numbered 62",
        "3fe2ff03, a table of",
        "040c2f73, ends within a string",
        "ffffffffff7f, larger than any head"
    })
    void refusesWhatIsNoHead(String hex, String reason) {
        assertThatExceptionOfType(Http2Failure.class)
                .isThrownBy(() -> read(hex))
                .withMessageContaining(reason);
    }

    private List<String> read(String hex) throws IOException {
        List<String> fields = new ArrayList<>();
        reader.read(ByteBuffer.wrap(HexFormat.of().parseHex(hex)), (name, value) -> fields.add(name + ": " + value));
        return fields;
    }
}
