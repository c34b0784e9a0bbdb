package dev.aiproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UpstreamProxyUriTest {

    private static ProxyConfig.UpstreamProxy parsed(String uri) {
        return UpstreamProxyUri.parsed(URI.create(uri), List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "http://proxy.example:3128, http://proxy.example:3128",
        "HTTP://Proxy.Example:3128/, http://proxy.example:3128",
        "https://proxy.example:443, https://proxy.example:443",
        "socks5://127.0.0.1:1080, socks5://127.0.0.1:1080",
        "socks5h://[::1]:1080, socks5://[::1]:1080",
        "http://me:s3cr3t@proxy.example:1, http://***@proxy.example:1"
    })
    void showsEverythingButTheLogin(String uri, String shown) {
        assertThat(parsed(uri)).hasToString(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "me:s3cr3t, me, s3cr3t",
        "me%40corp:a%3Ab%2Fc+d%25, me@corp, a:b/c+d%",
        "DOMAIN%5Cme:%C3%A9, 'DOMAIN\\me', é",
        "me:a:b, me, a:b"
    })
    void readsTheLogin(String userInfo, String user, String password) {
        assertThat(parsed("http://" + userInfo + "@proxy.example:1").login())
                .contains(new ProxyConfig.ProxyLogin(user, password));
    }

    @Test
    void takesAUserWithoutAPasswordOverHttp() {
        assertThat(parsed("http://me@proxy.example:1").login())
                .isEqualTo(Optional.of(new ProxyConfig.ProxyLogin("me", "")));
    }

    @ParameterizedTest
    @CsvSource({
        "proxy.example, 'its scheme must be http, https or socks5'",
        "ftp://s3cr3t@proxy.example:1, 'its scheme must be http, https or socks5'",
        "socks4://proxy.example:1, 'its scheme must be http, https or socks5'",
        "http:proxy, it must name a host",
        "http://s3cr3t_@a_b:1, it must name a host",
        "http://proxy.example, it must have a port from 1 to 65535",
        "http://proxy.example:0, it must have a port from 1 to 65535",
        "http://proxy.example:65536, it must have a port from 1 to 65535",
        "http://s3cr3t@proxy.example:1/x, 'it must have no path, query or fragment'",
        "http://proxy.example:1?s3cr3t, 'it must have no path, query or fragment'",
        "http://proxy.example:1#s3cr3t, 'it must have no path, query or fragment'",
        "http://:s3cr3t@proxy.example:1, its user must not be empty",
        "http://a%3As3cr3t:x@proxy.example:1, its user must have no colon",
        "http://a:s3cr3t%0D%0A@proxy.example:1, its user and password must have no control characters",
        "socks5://s3cr3t@proxy.example:1, its user and password must have 1 to 255 bytes each for socks5"
    })
    void saysWhatIsWrongAndNoSecret(String uri, String rule) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parsed(uri))
                .withMessageStartingWith("upstream proxy is wrong: ")
                .withMessageNotContaining("s3cr3t")
                .withMessageEndingWith(rule);
    }
}
