package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.aiproxy.ProxyConfig;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said to proxies, byte for byte, and what is taken from them. */
final class ProxyDialogueTest {

    private static final Authority NAMED = new Authority("ai.example", 443);
    private static final Optional<ProxyConfig.ProxyLogin> NOBODY = Optional.empty();
    private static final Optional<ProxyConfig.ProxyLogin> ME = Optional.of(new ProxyConfig.ProxyLogin("me", "pw"));

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.ISO_8859_1.decode(bytes).toString();
    }

    private static String hex(ByteBuffer bytes) {
        byte[] all = new byte[bytes.remaining()];
        bytes.get(all);
        return HexFormat.of().formatHex(all);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static ByteBuffer ofHex(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }

    @Test
    void asksForATunnelWithWhatIsNeededAndNothingElse() {
        assertThat(text(new ConnectDialogue(NAMED, NOBODY).opening()))
                .isEqualTo("CONNECT ai.example:443 HTTP/1.1\r\nHost: ai.example:443\r\n\r\n");
        assertThat(text(new ConnectDialogue(new Authority("[::1]", 1), ME).opening()))
                .isEqualTo("CONNECT [::1]:1 HTTP/1.1\r\nHost: [::1]:1\r\n"
                        + "Proxy-Authorization: Basic bWU6cHc=\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 Connection established\r\n\r\n",
                "HTTP/1.0 200 OK\r\nVia: x\r\nContent-Length: 7\r\n\r\n",
                "HTTP/1.1 200\r\n\r\n",
                "HTTP/1.1 299 \n\n",
                "HTTP/1.1 100 Wait\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"
            })
    void takesAnyHeadThatGrantsATunnelAndLeavesWhatComesBehind(String head) throws UpstreamProxyException {
        ConnectDialogue dialogue = new ConnectDialogue(NAMED, NOBODY);
        ByteBuffer heard = bytes(head + "tail");

        assertThat(dialogue.reply(heard).hasRemaining()).isFalse();

        assertThat(dialogue.isOver()).isTrue();
        assertThat(text(heard)).isEqualTo("tail");
    }

    @Test
    void waitsForTheEndOfTheHead() throws UpstreamProxyException {
        ConnectDialogue dialogue = new ConnectDialogue(NAMED, NOBODY);
        String head = "HTTP/1.1 200 OK\r\nA: b\r\n\r\n";

        for (int length = 0; length < head.length(); length++) {
            dialogue.reply(bytes(head.substring(0, length)));
            assertThat(dialogue.isOver()).isFalse();
        }
        dialogue.reply(bytes(head));
        assertThat(dialogue.isOver()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 407 Proxy Authentication Required, UPSTREAM_PROXY_AUTH_FAILED",
        "HTTP/1.1 401 Unauthorized, UPSTREAM_PROXY_AUTH_FAILED",
        "HTTP/1.1 403 Forbidden, UPSTREAM_PROXY_REFUSED",
        "HTTP/1.0 502 x, UPSTREAM_PROXY_REFUSED",
        "HTTP/1.1 302 Found, UPSTREAM_PROXY_REFUSED",
        "HTTP/2 200, UPSTREAM_PROXY_BAD_RESPONSE",
        "HTTP/1.1 2000 OK, UPSTREAM_PROXY_BAD_RESPONSE",
        "SSH-2.0-x, UPSTREAM_PROXY_BAD_RESPONSE"
    })
    void tellsARefusalByItsStatus(String statusLine, Failure failure) {
        ConnectDialogue dialogue = new ConnectDialogue(NAMED, NOBODY);

        expect(failure, dialogue, bytes(statusLine + "\r\nA: b\r\n\r\n"));
    }

    private static void expect(Failure failure, ProxyDialogue dialogue, ByteBuffer heard) {
        assertThatThrownBy(() -> dialogue.reply(heard))
                .isInstanceOfSatisfying(UpstreamProxyException.class, thrown -> assertThat(thrown.failure())
                        .isEqualTo(failure));
    }

    static Stream<Arguments> requests() {
        String name = "0a" + "61692e6578616d706c65";
        return Stream.of(
                argumentSet("name", "ai.example", 443, "05010003" + name + "01bb"),
                argumentSet("IPv4", "192.0.2.1", 80, "05010001c00002010050"),
                argumentSet("IPv6", "[2001:db8::1]", 1, "05010004" + "20010db8000000000000000000000001" + "0001"),
                argumentSet("high port", "ai.example", 65_535, "05010003" + name + "ffff"));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void letsASocksProxyLookNamesUp(String host, int port, String request) throws UpstreamProxyException {
        SocksDialogue dialogue = new SocksDialogue(new Authority(host, port), NOBODY);

        assertThat(hex(dialogue.opening())).isEqualTo("050100");
        assertThat(hex(dialogue.reply(ofHex("0500")))).isEqualTo(request);
    }

    @Test
    void logsInIfItIsAskedTo() throws UpstreamProxyException {
        SocksDialogue dialogue = new SocksDialogue(new Authority("192.0.2.1", 80), ME);

        assertThat(hex(dialogue.opening())).isEqualTo("05020002");
        assertThat(hex(dialogue.reply(ofHex("0502")))).isEqualTo("01" + "026d65" + "027077");
        assertThat(hex(dialogue.reply(ofHex("0100")))).isEqualTo("05010001c00002010050");
    }

    @Test
    void doesNotLogInIfItNeedNot() throws UpstreamProxyException {
        SocksDialogue dialogue = new SocksDialogue(new Authority("192.0.2.1", 80), ME);

        assertThat(hex(dialogue.reply(ofHex("0500")))).isEqualTo("05010001c00002010050");
    }

    @ParameterizedTest
    @ValueSource(strings = {"01" + "7f000001", "03" + "03616263", "04" + "00000000000000000000000000000001"})
    void takesAnyAddressBehindTheReply(String address) throws UpstreamProxyException {
        SocksDialogue dialogue = new SocksDialogue(NAMED, NOBODY);
        dialogue.reply(ofHex("0500"));
        ByteBuffer answer = ofHex("050000" + address + "1234");

        for (int length = 0; length < answer.capacity(); length++) {
            dialogue.reply(answer.duplicate().limit(length));
            assertThat(dialogue.isOver()).isFalse();
        }
        ByteBuffer heard = ofHex("050000" + address + "1234" + "aa");
        dialogue.reply(heard);

        assertThat(dialogue.isOver()).isTrue();
        assertThat(hex(heard)).isEqualTo("aa");
    }

    @ParameterizedTest
    @CsvSource({
        "'', 05ff, UPSTREAM_PROXY_AUTH_FAILED",
        "'', 0502, UPSTREAM_PROXY_AUTH_FAILED",
        "'', 0400, UPSTREAM_PROXY_BAD_RESPONSE",
        "'', 4854, UPSTREAM_PROXY_BAD_RESPONSE",
        "0500, 0505, UPSTREAM_PROXY_REFUSED",
        "0500, 05020001000000000000, UPSTREAM_PROXY_REFUSED",
        "0500, 0500000200000000, UPSTREAM_PROXY_BAD_RESPONSE",
        "0500, 4854, UPSTREAM_PROXY_BAD_RESPONSE"
    })
    void tellsARefusalByItsCode(String before, String answer, Failure failure) throws UpstreamProxyException {
        SocksDialogue dialogue = new SocksDialogue(NAMED, NOBODY);
        dialogue.reply(ofHex(before));

        expect(failure, dialogue, ofHex(answer));
    }

    @Test
    void tellsThatALoginWasRefused() throws UpstreamProxyException {
        SocksDialogue dialogue = new SocksDialogue(NAMED, ME);
        dialogue.reply(ofHex("0502"));

        expect(Failure.UPSTREAM_PROXY_AUTH_FAILED, dialogue, ofHex("0101"));
    }
}
