package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.ForwardProxy;
import dev.aiproxy.ProxyConfig;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses alone and no names but localhost, so that no resolver is asked. */
final class OwnAddressTest {

    @ParameterizedTest(name = "listening on {0}:{1}, target {2}: {3}")
    @CsvSource({
        "127.0.0.1, 8080, http://127.0.0.1:8080, true",
        "127.0.0.1, 8080, https://127.0.0.1:8080, true",
        "127.0.0.1, 8080, http://localhost:8080, true",
        "127.0.0.1, 8080, http://0.0.0.0:8080, true",
        "0.0.0.0, 8080, http://127.0.0.1:8080, true",
        "0.0.0.0, 8080, http://127.0.0.2:8080, true",
        "0.0.0.0, 80, http://127.0.0.1, true",
        "'::', 8080, http://[::1]:8080, true",
        "127.0.0.1, 8080, http://127.0.0.1:8081, false",
        "127.0.0.1, 8080, http://127.0.0.2:8080, false",
        "0.0.0.0, 8080, http://192.0.2.1:8080, false",
        "127.0.0.1, 0, http://127.0.0.1:8080, false"
    })
    void seesThatTheTargetIsTheProxyItself(String listenHost, int listenPort, URI target, boolean isOwn) {
        ProxyConfig config = ForwardProxy.builder()
                .listen(listenHost, listenPort)
                .target(target)
                .build()
                .config();

        assertThat(OwnAddress.isReachedBy(
                        config.target().getHost(), config.target().getPort(), listenHost, listenPort))
                .isEqualTo(isOwn);
    }
}
