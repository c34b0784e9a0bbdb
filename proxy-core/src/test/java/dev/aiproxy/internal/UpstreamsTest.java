package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.aiproxy.ForwardProxy;
import dev.aiproxy.ForwardRule;
import dev.aiproxy.ProxyConfig;
import java.net.URI;
import java.util.List;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UpstreamsTest {

    private static final URI PLAIN = URI.create("http://localhost:11434");

    private final ProxyConfig config = ForwardProxy.builder().target(PLAIN).config();
    private final Upstreams upstreams = Upstreams.of(config, new Server());

    @BeforeEach
    void readsNothingForPlainUpstreams() {
        upstreams.prepareFor(config);

        assertThatIllegalStateException().isThrownBy(upstreams.ownTls()::getSslContext);
    }

    @Test
    void keepsConnectionsAndReadsWhomToTrustOnceOtherHostsMayBeReached() {
        Upstreams changed = changedTo(ForwardProxy.builder()
                .target(PLAIN)
                .forwardAllow(List.of(ForwardRule.of("*.example.com")))
                .config());

        assertThat(changed).isSameAs(upstreams);
        assertThat(changed.othersTls().getSslContext()).isNotNull();
    }

    @Test
    void readsWhomToTrustOnceTheTargetIsReachedByTls() {
        Upstreams changed = changedTo(ForwardProxy.builder()
                .target(URI.create("https://api.example.com"))
                .config());

        assertThat(changed).isNotSameAs(upstreams);
        assertThat(changed.ownTls()).isSameAs(upstreams.ownTls());
        assertThat(changed.ownTls().getSslContext()).isNotNull();
    }

    private Upstreams changedTo(ProxyConfig other) {
        Upstreams changed = upstreams.changedTo(other);
        changed.prepareFor(other);
        return changed;
    }
}
