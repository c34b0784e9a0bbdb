package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.aiproxy.ForwardProxy;
import dev.aiproxy.ForwardProxyBuilder;
import dev.aiproxy.ForwardRule;
import dev.aiproxy.ProxyConfig;
import java.net.URI;
import java.util.List;
import org.eclipse.jetty.util.component.LifeCycle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpstreamTlsTest {

    private final ForwardProxyBuilder builder = ForwardProxy.builder();
    private UpstreamTls.Context tls;

    @AfterEach
    void stop() {
        LifeCycle.stop(tls);
    }

    @Test
    void readsWhomToTrustAtTheStart() {
        start(builder.target(URI.create("https://api.example.com")).config());

        assertThat(tls.getSslContext()).isNotNull();
    }

    @Test
    void readsItNotIfNoUpstreamIsReachedByTls() {
        start(builder.target(URI.create("http://localhost:11434")).config());

        assertThatIllegalStateException().isThrownBy(tls::getSslContext);
    }

    @Test
    void readsItLaterIfAClientAsksForTls() {
        start(builder.target(URI.create("http://localhost:11434")).config());

        assertThat(tls.newSSLEngine("localhost", 11434).getPeerHost()).isEqualTo("localhost");
        assertThat(tls.getSslContext()).isNotNull();
    }

    @Test
    void readsItForOtherHosts() {
        start(builder.target(URI.create("http://localhost:11434"))
                .forwardAllow(List.of(ForwardRule.of("*.example.com")))
                .config());

        assertThat(tls.getSslContext()).isNotNull();
    }

    @Test
    void readsItForAProxyOnTheWay() {
        start(builder.target(URI.create("http://models.example:11434"))
                .upstreamProxy(URI.create("https://proxy.example:3128"))
                .config());

        assertThat(tls.getSslContext()).isNotNull();
    }

    @Test
    void readsItAnewWhenItIsStartedAgain() {
        start(builder.target(URI.create("https://api.example.com")).config());
        LifeCycle.stop(tls);

        LifeCycle.start(tls);

        assertThat(tls.getSslContext()).isNotNull();
    }

    @Test
    void isForAllUnlessTheTargetIsTrustedMoreThanOthers() {
        assertThat(UpstreamTls.isForAll(builder.config())).isTrue();
        assertThat(UpstreamTls.isForAll(builder.targetTlsVerify(false).config()))
                .isFalse();
    }

    private void start(ProxyConfig config) {
        tls = UpstreamTls.of(config);
        LifeCycle.start(tls);
    }
}
