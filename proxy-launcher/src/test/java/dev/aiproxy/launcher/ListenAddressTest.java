package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class ListenAddressTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, http://127.0.0.1:8080, http://127.0.0.1:8080",
        "0.0.0.0, http://0.0.0.0:8080, http://localhost:8080",
        "::, http://[::]:8080, http://localhost:8080",
        "::1, http://[::1]:8080, http://[::1]:8080",
        "2001:db8::1:0:0:1, http://[2001:db8::1:0:0:1]:8080, http://[2001:db8::1:0:0:1]:8080",
        "2001:db8:0:1:1:1:1:1, http://[2001:db8:0:1:1:1:1:1]:8080, http://[2001:db8:0:1:1:1:1:1]:8080",
        "2001:0:0:1:0:0:0:10, http://[2001:0:0:1::10]:8080, http://[2001:0:0:1::10]:8080"
    })
    void isWrittenAsClientsNeedIt(String host, String uri, String localUri) {
        ListenAddress address = new ListenAddress("http", new InetSocketAddress(host, 8080));

        assertThat(address.uri()).isEqualTo(uri);
        assertThat(address.localUri()).isEqualTo(localUri);
    }

    @Test
    void isWrittenWithItsScheme() {
        ListenAddress address = new ListenAddress("https", new InetSocketAddress("0.0.0.0", 8443));

        assertThat(address.uri()).isEqualTo("https://0.0.0.0:8443");
        assertThat(address.localUri()).isEqualTo("https://localhost:8443");
    }

    @Test
    void isNotServedByAProcessThatDoesNotCare() throws IOException {
        try (ServerSocket hung = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(addressOf(hung).isServed(Duration.ofMillis(200))).isFalse();
        }
    }

    @Test
    void isNotServedWhereNobodyListens() throws IOException {
        ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        closed.close();

        assertThat(addressOf(closed).isServed(Duration.ofSeconds(5))).isFalse();
    }

    private static ListenAddress addressOf(ServerSocket server) {
        return new ListenAddress(
                "http", new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()));
    }
}
