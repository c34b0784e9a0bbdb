package dev.aiproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ForwardProxyBuilderTest {

    private static final Duration NEGATIVE = Duration.ofMillis(-1);

    private final ForwardProxyBuilder builder = ForwardProxy.builder();

    /** A default that changes is a change for every user: it belongs into CHANGELOG.md. */
    @Test
    void defaults() {
        assertThat(builder.config())
                .isEqualTo(new ProxyConfig(
                        URI.create("https://api.openai.com:443"),
                        TargetHttpVersion.HTTP_1_1,
                        new ProxyConfig.TargetTls(List.of(), true, Optional.empty()),
                        Optional.empty(),
                        List.of(),
                        new ProxyConfig.Listen(
                                "0.0.0.0", 8080, Optional.empty(), true, PortSharing.NONE, Optional.empty()),
                        new ProxyConfig.Timeouts(
                                Duration.ofSeconds(10),
                                Duration.ZERO,
                                Duration.ofHours(1),
                                Duration.ofMinutes(2),
                                Duration.ofSeconds(20),
                                Duration.ofSeconds(30)),
                        new ProxyConfig.Limits(65_536, 8_192, 16_384, 65_536),
                        new ProxyConfig.Access(List.of(), Map.of(), Optional.empty()),
                        OriginField.KEEP,
                        false,
                        true));
    }

    @Test
    void carriesEverySettingOver() {
        ProxyConfig config = builder.target(URI.create("http://localhost:11434"))
                .targetHttpVersion(TargetHttpVersion.AUTO)
                .targetTlsVerify(false)
                .upstreamProxy(URI.create("socks5h://me%40home:s3c%3Aret+1@Proxy.example:1080"))
                .noProxy(List.of(NoProxyRule.of(".corp.example")))
                .forwardAllow(List.of(ForwardRule.of("*.example.com")))
                .listen("127.0.0.1", 0)
                .listenHttp2(false)
                .portSharing(PortSharing.OFFERED)
                .connectTimeout(Duration.ofSeconds(1))
                .firstByteTimeout(Duration.ofSeconds(2))
                .streamIdleTimeout(Duration.ofSeconds(3))
                .clientIdleTimeout(Duration.ofSeconds(4))
                .headerTimeout(Duration.ofSeconds(5))
                .drainTimeout(Duration.ofSeconds(6))
                .maxHeaderBytes(1024)
                .maxStreams(7)
                .replayBuffer(8)
                .maxConnections(9)
                .allowedClients(List.of("192.0.2.0/24"))
                .proxyTokens(Map.of("ann", "sha256:" + "AB".repeat(32)))
                .targetApiKey("x-api-key", "sk-real")
                .origin(OriginField.DROP)
                .allowHalfClose(true)
                .aiInsight(false)
                .build()
                .config();

        assertThat(config)
                .isEqualTo(new ProxyConfig(
                        URI.create("http://localhost:11434"),
                        TargetHttpVersion.AUTO,
                        new ProxyConfig.TargetTls(List.of(), false, Optional.empty()),
                        Optional.of(new ProxyConfig.UpstreamProxy(
                                ProxyConfig.UpstreamProxy.Protocol.SOCKS5,
                                "proxy.example",
                                1080,
                                Optional.of(new ProxyConfig.ProxyLogin("me@home", "s3c:ret+1")),
                                List.of(new NoProxyRule("corp.example", 0)))),
                        List.of(new ForwardRule("*.example.com", 0)),
                        new ProxyConfig.Listen(
                                "127.0.0.1", 0, Optional.empty(), false, PortSharing.OFFERED, Optional.empty()),
                        new ProxyConfig.Timeouts(
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(4),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(6)),
                        new ProxyConfig.Limits(1024, 7, 9, 8),
                        new ProxyConfig.Access(
                                List.of("192.0.2.0/24"),
                                Map.of("ann", "ab".repeat(32)),
                                Optional.of(new ProxyConfig.TargetKey("x-api-key", "sk-real"))),
                        OriginField.DROP,
                        true,
                        false));
    }

    static Stream<Arguments> wrongArguments() {
        return Stream.of(
                wrong("blank host", b -> b.listen(" ", 1), "listen host must not be blank"),
                wrong("port -1", b -> b.listen("x", -1), "listen port must be 0..65535, was -1"),
                wrong("port 65536", b -> b.listen("x", 65_536), "listen port must be 0..65535, was 65536"),
                wrong(
                        "connect",
                        b -> b.connectTimeout(NEGATIVE),
                        "connect timeout must not be negative, was pt-0.001s"),
                wrong(
                        "first byte",
                        b -> b.firstByteTimeout(NEGATIVE),
                        "first byte timeout must not be negative, was pt-0.001s"),
                wrong(
                        "stream idle",
                        b -> b.streamIdleTimeout(NEGATIVE),
                        "stream idle timeout must not be negative, was pt-0.001s"),
                wrong(
                        "client idle",
                        b -> b.clientIdleTimeout(NEGATIVE),
                        "client idle timeout must not be negative, was pt-0.001s"),
                wrong("header", b -> b.headerTimeout(NEGATIVE), "header timeout must not be negative, was pt-0.001s"),
                wrong("drain", b -> b.drainTimeout(NEGATIVE), "drain timeout must not be negative, was pt-0.001s"),
                wrong("head of 1023", b -> b.maxHeaderBytes(1023), "max header bytes must be 1024..1048576, was 1023"),
                wrong(
                        "head over 1 MiB",
                        b -> b.maxHeaderBytes(1_048_577),
                        "max header bytes must be 1024..1048576, was 1048577"),
                wrong("no streams", b -> b.maxStreams(0), "max streams must be 1..1000000, was 0"),
                wrong("replay of -1", b -> b.replayBuffer(-1), "replay buffer must be 0..16777216 bytes, was -1"),
                wrong(
                        "replay over 16 MiB",
                        b -> b.replayBuffer(16_777_217),
                        "replay buffer must be 0..16777216 bytes, was 16777217"),
                wrong("no connections", b -> b.maxConnections(0), "max connections must be 1..1000000, was 0"),
                wrong(
                        "too many connections",
                        b -> b.maxConnections(1_000_001),
                        "max connections must be 1..1000000, was 1000001"),
                wrong("too many streams", b -> b.maxStreams(1_000_001), "max streams must be 1..1000000, was 1000001"));
    }

    private static Arguments wrong(String name, Consumer<ForwardProxyBuilder> call, String message) {
        return argumentSet(name, call, message);
    }

    @ParameterizedTest
    @MethodSource("wrongArguments")
    void refusesAtOnceAndSaysWhy(Consumer<ForwardProxyBuilder> call, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> call.accept(builder))
                .withMessage(message);
        assertThat(builder.config()).isEqualTo(ForwardProxy.builder().config());
    }

    @Test
    void takesTheLeastAndTheMostAllowed() {
        builder.maxHeaderBytes(1024).maxHeaderBytes(1_048_576);
        builder.maxStreams(1).maxStreams(1_000_000);
        builder.replayBuffer(0).replayBuffer(16_777_216);
        builder.maxConnections(1).maxConnections(1_000_000);
        builder.listen("x", 65_535);

        assertThat(builder.config().listen().port()).isEqualTo(65_535);
    }

    /** In milliseconds it would be zero, which means for ever. */
    @Test
    void takesTheShortestTimeForAMillisecond() {
        Duration shortest = Duration.ofNanos(1);

        ProxyConfig config = builder.connectTimeout(shortest)
                .firstByteTimeout(shortest)
                .streamIdleTimeout(shortest)
                .clientIdleTimeout(shortest)
                .headerTimeout(shortest)
                .drainTimeout(shortest)
                .config();

        Duration millisecond = Duration.ofMillis(1);
        assertThat(config.timeouts())
                .isEqualTo(new ProxyConfig.Timeouts(
                        millisecond, millisecond, millisecond, millisecond, millisecond, millisecond));
    }

    @Test
    void refusesNoListener() {
        assertThatNullPointerException()
                .isThrownBy(() -> builder.listener(null))
                .withMessage("listener");
        assertThatNullPointerException()
                .isThrownBy(() -> builder.tracePropagation(null))
                .withMessage("chooser");
    }

    @Test
    void canBeUsedFurtherAfterItHasBuilt() {
        ForwardProxy first = builder.maxStreams(1).build();
        ForwardProxy second = builder.maxStreams(2).build();

        assertThat(first.config().limits().streams()).isEqualTo(1);
        assertThat(second.config().limits().streams()).isEqualTo(2);
    }

    @Test
    void keepsTheRestWhenTheTargetChanges() {
        ProxyConfig config = builder.maxStreams(7).config();

        ProxyConfig changed = config.withTarget(URI.create("http://localhost"));

        assertThat(changed.target()).isEqualTo(URI.create("http://localhost:80"));
        assertThat(changed.withTarget(config.target())).isEqualTo(config);
    }

    @Test
    void buildsAProxyThatDoesNotRunYet() {
        ForwardProxy proxy = builder.build();

        assertThatIllegalStateException().isThrownBy(proxy::address).withMessage("not started");
        assertThat(proxy.inFlight()).isEmpty();
        assertThat(proxy.drain(Duration.ZERO)).isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> proxy.drain(NEGATIVE))
                .withMessage("drain timeout must not be negative, was PT-0.001S");
        proxy.close();
        assertThatIllegalStateException().isThrownBy(proxy::start).withMessage("already closed");
        assertThatIllegalStateException().isThrownBy(proxy::address).withMessage("already closed");
    }

    @Test
    void refusesItselfAsItsTarget() {
        try (ForwardProxy proxy = builder.target(URI.create("http://127.0.0.1:8080"))
                .listen("127.0.0.1", 8080)
                .build()) {
            assertThatExceptionOfType(InvalidConfigException.class)
                    .isThrownBy(proxy::start)
                    .withMessage(
                            "target http://127.0.0.1:8080 is this proxy's own address; name the AI server instead");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"192.0.2.7", "192.0.2.0/24", "0.0.0.0/0", "10.0.0.0/8", "::1", "fd00::/8", "::ffff:192.0.2.7"})
    void takesAddressesAndBlocksOfThem(String address) {
        assertThat(builder.allowedClients(List.of(address)).config().access().allowedClients())
                .containsExactly(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "192.0.2",
                "192.0.2.256",
                "192.0.2.7/24",
                "192.0.2.0/33",
                "192.0.2.0/",
                "192.0.2.0/-1",
                "192.0.2.0-192.0.2.9",
                "0x7f.1",
                "fd00::1/8",
                "fd00::/129",
                "fe80::1%eth0",
                "[::1]"
            })
    void refusesWhatIsNoAddress(String address) {
        assertThatThrownBy(() -> builder.allowedClients(List.of(address)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowed clients must be")
                .hasMessageEndingWith("one was " + address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "short",
                "with a space in it",
                "with,a,comma,in,it",
                "sha256:abcdef",
                "with-\u00e4-umlaut-in-it"
            })
    void refusesTokensThatAreNoneWithoutNamingThem(String token) {
        assertThatThrownBy(() -> builder.proxyTokens(Map.of("ann", token)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the token of ann must be")
                .satisfies(e -> assertThat(token.isEmpty() || !e.getMessage().contains(token))
                        .isTrue());
    }

    @Test
    void keepsHashesOfTokensOnly() {
        ProxyConfig config = builder.proxyTokens(Map.of("ann", "correct-horse-battery"))
                .targetApiKey("Authorization", "Bearer sk-real")
                .config();

        assertThat(config.toString()).doesNotContain("correct-horse").doesNotContain("sk-real");
        assertThat(config.access().tokenHashes().get("ann"))
                .isEqualTo("62249369389075490555a758353aec61500c6218fa597252d52dc4bd0148f12d");
    }

    @Test
    void refusesKeysThatWouldBreakTheHead() {
        assertThatThrownBy(() -> builder.targetApiKey("Authorization", "Bearer a\r\nX: b"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.targetApiKey("A:", "b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.targetApiKey("A", "")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "Content-Length",
                "transfer-encoding",
                "Connection",
                "Keep-Alive",
                "TE",
                "Trailer",
                "UPGRADE",
                "Expect",
                "Proxy-Authorization",
                "proxy-connection"
            })
    void refusesKeysInFieldsThatFrameOrRouteTheMessage(String fieldName) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.targetApiKey(fieldName, "sk-real"))
                .withMessage("the header of the target's API key must be one for credentials, was " + fieldName
                        + ", which frames or routes the message");
        assertThat(builder.config().access().targetKey()).isEmpty();
    }
}
