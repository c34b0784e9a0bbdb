package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jetty's WebSocket client, and a real server, in the clear and under TLS. */
@Timeout(60)
final class JettyWebSocketIT {
    private static final int LARGE = 70_000;

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private final WebSocketClient client = new WebSocketClient();
    private EchoServer server;
    private TlsRelay relay;

    @BeforeEach
    void start() throws Exception {
        server = EchoServer.start();
        relay = TlsRelay.to(server.port());
        client.setMaxBinaryMessageSize(2 * LARGE);
        client.start();
    }

    @AfterEach
    void stop() throws Exception {
        client.stop();
        relay.close();
        server.close();
    }

    @ParameterizedTest(name = "TLS to the upstream {0}, extensions {1}")
    @CsvSource({"false, ''", "false, permessage-deflate", "true, ''", "true, permessage-deflate"})
    void getsBackWhateverItSends(boolean isSecure, String extensions) throws Exception {
        proxy.target(URI.create(isSecure ? "https://localhost:" + relay.port() : "http://" + server.authority()))
                .with(builder -> builder.targetCa(List.of(TestCertificates.get().authority())));
        ClientUpgradeRequest request =
                new ClientUpgradeRequest(URI.create("ws://" + proxy.uri().getAuthority() + "/echo"));
        if (!extensions.isEmpty()) {
            request.addExtensions(extensions);
        }
        Echoes echoes = new Echoes();

        Session session = client.connect(echoes, request).get(10, TimeUnit.SECONDS);

        assertThat(session.getUpgradeResponse().getExtensions()).hasSize(extensions.isEmpty() ? 0 : 1);
        session.sendText("text \u20ac", Callback.NOOP);
        assertThat(echoes.next()).isEqualTo("text \u20ac");
        session.sendPartialText("one ", false, Callback.NOOP);
        session.sendPartialText("two", true, Callback.NOOP);
        assertThat(echoes.next()).isEqualTo("one two");
        session.sendPing(ByteBuffer.wrap("there?".getBytes(StandardCharsets.UTF_8)), Callback.NOOP);
        assertThat(echoes.next()).isEqualTo("pong there?");
        byte[] large = new byte[LARGE];
        Pattern.fill(large, 0);
        session.sendBinary(ByteBuffer.wrap(large), Callback.NOOP);
        assertThat(echoes.nextBinary()).isEqualTo(large);
        session.close(4001, "done", Callback.NOOP);
        assertThat(echoes.next()).isEqualTo("close 4001");
    }

    /** What it hears; public, since Jetty looks its methods up. */
    public static final class Echoes extends Session.Listener.AbstractAutoDemanding {
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final BlockingQueue<byte[]> heardBinary = new LinkedBlockingQueue<>();

        String next() throws InterruptedException {
            return heard.poll(10, TimeUnit.SECONDS);
        }

        byte[] nextBinary() throws InterruptedException {
            return heardBinary.poll(10, TimeUnit.SECONDS);
        }

        @Override
        public void onWebSocketText(String message) {
            heard.add(message);
        }

        @Override
        public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
            byte[] message = new byte[payload.remaining()];
            payload.get(message);
            heardBinary.add(message);
            callback.succeed();
        }

        @Override
        public void onWebSocketPong(ByteBuffer payload) {
            heard.add("pong " + StandardCharsets.UTF_8.decode(payload));
        }

        @Override
        public void onWebSocketClose(int status, String reason, Callback callback) {
            heard.add("close " + status);
            callback.succeed();
        }
    }
}
