package dev.aiproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;

/** A builder that is made of a config loses nothing of it. */
final class ProxyConfigToBuilderTest {

    private static final ProxyConfig DEFAULTS = ForwardProxy.builder().config();

    /** A component that keeps its default here could get lost and nobody would see. */
    @Test
    void changesEverySettingForThisTest() throws Exception {
        ProxyConfig changed = changedInEverything();

        assertAllDiffer(changed, DEFAULTS);
        assertAllDiffer(changed.targetTls(), DEFAULTS.targetTls());
        assertAllDiffer(changed.timeouts(), DEFAULTS.timeouts());
        assertAllDiffer(changed.limits(), DEFAULTS.limits());
        assertAllDiffer(changed.access(), DEFAULTS.access());
    }

    private static void assertAllDiffer(Record changed, Record defaults) throws ReflectiveOperationException {
        for (var component : changed.getClass().getRecordComponents()) {
            assertThat(component.getAccessor().invoke(changed))
                    .as(component.getName())
                    .isNotEqualTo(component.getAccessor().invoke(defaults));
        }
    }

    @Test
    void keepsEverySetting() throws Exception {
        ProxyConfig config = changedInEverything();

        assertThat(config.toBuilder().config()).isEqualTo(config);
    }

    @Test
    void keepsTheDefaults() {
        assertThat(DEFAULTS.toBuilder().config()).isEqualTo(DEFAULTS);
    }

    @Test
    void changesWhatItIsTold() throws Exception {
        ProxyConfig config = changedInEverything();

        ProxyConfig changed =
                config.toBuilder().maxStreams(70).noProxy(List.of()).config();

        assertThat(changed.limits()).isEqualTo(new ProxyConfig.Limits(1024, 70, 9, 8));
        assertThat(changed.upstreamProxy().orElseThrow().noProxy()).isEmpty();
        assertThat(changed.access()).isEqualTo(config.access());
    }

    @Test
    void leavesOutAChannelThatWasGiven() throws Exception {
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            channel.bind(new InetSocketAddress("127.0.0.1", 0));
            ProxyConfig config = ForwardProxy.builder().listen(channel).config();

            ProxyConfig.Listen listen = config.toBuilder().config().listen();

            assertThat(listen.channel()).isEmpty();
            assertThat(listen.port()).isEqualTo(channel.socket().getLocalPort());
        }
    }

    private static ProxyConfig changedInEverything() throws Exception {
        List<X509Certificate> roots = roots();
        PrivateKey key = KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate();
        ProxyConfig.Listen listen = new ProxyConfig.Listen(
                "127.0.0.1",
                0,
                // By hand, since a builder would see that the key is another's.
                Optional.of(new ProxyConfig.ListenTls(roots.subList(0, 1), key, roots.subList(1, 2))),
                false,
                PortSharing.OFFERED,
                Optional.empty());
        ProxyConfig.TargetTls targetTls = new ProxyConfig.TargetTls(
                roots.subList(2, 3), false, Optional.of(new ProxyConfig.ClientCertificate(roots.subList(0, 1), key)));
        ProxyConfig built = builder().config();
        return new ProxyConfig(
                built.target(),
                built.targetHttpVersion(),
                targetTls,
                built.upstreamProxy(),
                built.forwardAllow(),
                listen,
                built.timeouts(),
                built.limits(),
                built.access(),
                built.origin(),
                built.allowHalfClose(),
                built.aiInsight());
    }

    private static ForwardProxyBuilder builder() {
        return ForwardProxy.builder()
                .target(URI.create("http://localhost:11434"))
                .targetHttpVersion(TargetHttpVersion.AUTO)
                .upstreamProxy(URI.create("socks5://me%40home:s3c%3Aret+1@proxy.example:1080"))
                .noProxy(List.of(NoProxyRule.of(".corp.example")))
                .forwardAllow(List.of(ForwardRule.of("*.example.com")))
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
                .aiInsight(false);
    }

    private static List<X509Certificate> roots() throws Exception {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        return List.of(((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers());
    }
}
