package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.ForwardRule;
import dev.aiproxy.Outcome;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real WebSocket clients and a real server, with the proxy as base URL and as HTTP proxy between them. */
@Timeout(60)
final class WebSocketClientsIT {
    private static final List<String> ALL = List.of("text", "binary", "large", "ping", "fragments", "close");

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private EchoServer server;

    @BeforeEach
    void start() {
        server = EchoServer.start();
        proxy.with(builder -> builder.forwardAllow(List.of(ForwardRule.of(server.authority()))));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static List<String> linesOf(List<String> command) {
        try (ClientProcess client = ClientProcess.start(NodeModules.installed(), command)) {
            List<String> lines = new ArrayList<>();
            client.nextLine().ifPresent(lines::add);
            while (!lines.isEmpty() && lines.size() < 2 * ALL.size() + 2) {
                lines.add(client.nextLine().orElse("it ended"));
            }
            assertThat(client.awaitExit()).isZero();
            return lines;
        }
    }

    private static List<String> expectedLines() {
        List<String> lines = new ArrayList<>(List.of("extensions "));
        lines.addAll(ALL);
        lines.add("extensions permessage-deflate");
        lines.addAll(ALL);
        return lines;
    }

    @Test
    void carriesWsWithTheProxyAsBaseUrl() {
        proxy.target(URI.create("http://" + server.authority()));

        List<String> lines =
                linesOf(List.of("node", "websocket.mjs", "ws://" + proxy.uri().getAuthority() + "/echo"));

        assertThat(lines).isEqualTo(expectedLines());
        assertThat(proxy.listener().awaitEnd(2).outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(proxy.listener().events()).contains("1 response 101");
    }

    @Test
    void carriesWsThroughATunnel() {
        List<String> lines = linesOf(List.of(
                "node",
                "websocket.mjs",
                "ws://" + server.authority() + "/echo",
                proxy.uri().toString()));

        assertThat(lines).isEqualTo(expectedLines());
        assertThat(proxy.listener().events()).contains("1 response 200");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void carriesTheClientOfTheJdk(boolean isTunnel) throws Exception {
        HttpClient.Builder client = HttpClient.newBuilder();
        URI uri = URI.create("ws://" + server.authority() + "/echo");
        if (isTunnel) {
            client.proxy(ProxySelector.of(proxy.proxy().address()));
        } else {
            proxy.target(URI.create("http://" + server.authority()));
            uri = URI.create("ws://" + proxy.uri().getAuthority() + "/echo");
        }
        Echoes echoes = new Echoes();

        WebSocket socket =
                client.build().newWebSocketBuilder().buildAsync(uri, echoes).get(10, TimeUnit.SECONDS);
        socket.sendText("te", false).get(10, TimeUnit.SECONDS);
        socket.sendText("xt", true).get(10, TimeUnit.SECONDS);
        assertThat(echoes.next()).isEqualTo("text");
        socket.sendPing(ByteBuffer.wrap("x".getBytes())).get(10, TimeUnit.SECONDS);
        assertThat(echoes.next()).isEqualTo("pong");
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
        assertThat(echoes.next()).isEqualTo("close 1000");
    }

    /** What the JDK's client hears. */
    private static final class Echoes implements WebSocket.Listener {
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();

        String next() throws InterruptedException {
            return heard.poll(10, TimeUnit.SECONDS);
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                heard.add(text.toString());
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
            heard.add("pong");
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            heard.add("close " + status);
            return null;
        }
    }
}
