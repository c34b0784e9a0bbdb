package dev.aiproxy.launcher.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class AdminServerTest {

    private static final AdminPage FAILING = AdminPage.of("/failing", () -> {
        throw new IllegalStateException("expected by this test");
    });

    private AdminServer server;

    @BeforeEach
    void start() throws IOException {
        AdminPage page = AdminPage.of("/page", () -> AdminAnswer.json(200, "{\"a\":1}"));
        server = AdminServer.start("127.0.0.1", 0, List.of(page, FAILING));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String answer(String method, String target, String host) throws IOException {
        return answer(
                server.address(),
                "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(method, target, host));
    }

    private String answerTo(String site, String mode) throws IOException {
        return answer(
                server.address(),
                "GET /page HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: %s\r\nSec-Fetch-Mode: %s\r\nConnection: close\r\n\r\n"
                        .formatted(site, mode));
    }

    private static String answer(InetSocketAddress address, String request) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void answersByThePageThatIsAskedFor() throws IOException {
        assertThat(answer("GET", "/page?x=1", "127.0.0.1:1"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("\r\nContent-Type: application/json\r\n", "\r\nContent-Length: 8\r\n")
                .contains("\r\nCache-Control: no-store\r\n", "\r\nX-Content-Type-Options: nosniff\r\n")
                .doesNotContain("\r\nServer:")
                .endsWith("\r\n\r\n{\"a\":1}\n");
    }

    @Test
    void leavesOutTheBodyForHead() throws IOException {
        assertThat(answer("HEAD", "/page", "localhost"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("\r\nContent-Length: 8\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void refusesEveryOtherMethod() throws IOException {
        assertThat(answer("POST", "/page", "localhost"))
                .startsWith("HTTP/1.1 405 ")
                .contains("\r\nAllow: GET, HEAD\r\n", "\r\nX-Content-Type-Options: nosniff\r\n");
    }

    @Test
    void knowsNoOtherPage() throws IOException {
        assertThat(answer("GET", "/page/", "localhost"))
                .startsWith("HTTP/1.1 404 ")
                .contains("\r\nCache-Control: no-store\r\n")
                .endsWith("no such page\n");
    }

    @Test
    void refusesNamesThatAWebSiteMayHaveGivenIt() throws IOException {
        assertThat(answer("GET", "/page", "evil.example"))
                .startsWith("HTTP/1.1 403 ")
                .contains("the Host of the request is neither an IP address nor localhost nor ADMIN_HOST")
                .doesNotContain("evil");
    }

    @Test
    void refusesWhatScriptsOfOtherWebSitesAskFor() throws IOException {
        assertThat(answerTo("cross-site", "no-cors"))
                .startsWith("HTTP/1.1 403 ")
                .contains("another web site");

        assertThat(answerTo("cross-site", "navigate")).startsWith("HTTP/1.1 200 ");
        assertThat(answerTo("same-origin", "cors")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void tellsNothingOfWhatFailsInside() throws IOException {
        assertThat(answer("GET", "/failing", "localhost"))
                .startsWith("HTTP/1.1 500 ")
                .doesNotContain("expected by this test");
    }

    @Test
    void freesThePortWhenItIsClosed() throws IOException {
        int port = server.address().getPort();
        assertThatThrownBy(() -> AdminServer.start("127.0.0.1", port, List.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("in use");

        server.close();

        try (AdminServer next = AdminServer.start("127.0.0.1", port, List.of())) {
            assertThat(next.address()).isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
    }

    @Test
    void saysThatAHostIsUnknown() {
        assertThatThrownBy(() -> AdminServer.start("no-such-host.invalid", 0, List.of()))
                .isInstanceOf(IOException.class)
                .hasMessage("host name unknown");
    }
}
