package dev.aiproxy.internal;

import static dev.aiproxy.internal.PlainTalk.readUntil;
import static dev.aiproxy.internal.PlainTalk.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeListener;
import dev.aiproxy.ForwardProxy;
import dev.aiproxy.ProxyConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A target that leads back to the proxy and could not be seen when it was set, such as a name that has come to mean the
 * proxy since: the target is changed past the check.
 */
final class RequestLoopTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private final AtomicInteger requests = new AtomicInteger();
    private ProxyServer proxy;

    @BeforeEach
    void start() throws Exception {
        ProxyConfig config = ForwardProxy.builder().listen("127.0.0.1", 0).config();
        ExchangeListener counter = new ExchangeListener() {
            @Override
            public void onRequest(Exchange exchange) {
                requests.incrementAndGet();
            }
        };
        proxy = new ProxyServer(config, counter, new TraceFields(null), new Counters(), () -> false);
        proxy.start();
    }

    @AfterEach
    void stop() {
        proxy.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "0.0.0.0"})
    void answers508WhenItIsTurnedTowardsItself(String host) throws IOException {
        turnTo(host, port());

        try (Socket client = connect()) {
            assertThat(answerTo(client, REQUEST, "request_loop")).startsWith("HTTP/1.1 508 ");
        }
        assertThat(requests).hasValue(2);
    }

    @Test
    void answers508ToARequestThatComesBackThroughATunnel() throws IOException {
        turnTo("127.0.0.1", port());

        try (Socket client = connect()) {
            String request = "CONNECT 127.0.0.1:" + port() + " HTTP/1.1\r\nHost: x\r\n\r\n";
            assertThat(answerTo(client, request, "request_loop")).startsWith("HTTP/1.1 508 ");
        }
    }

    @Test
    void worksAgainWhenItIsTurnedAway() throws IOException {
        turnTo("127.0.0.1", port());
        try (Socket client = connect();
                ServerSocket upstream = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            answerTo(client, REQUEST, "request_loop\"}}");

            turnTo("127.0.0.1", upstream.getLocalPort());

            send(client, REQUEST);
            upstream.setSoTimeout((int) PATIENCE.toMillis());
            try (Socket server = upstream.accept()) {
                readUntil(server, "\r\n\r\n");
                send(server, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                assertThat(readUntil(client, "\r\n\r\nok")).contains("HTTP/1.1 200 OK");
            }
        }
    }

    private int port() {
        return proxy.address().getPort();
    }

    private void turnTo(String host, int port) {
        proxy.change(proxy.terms().config().withTarget(URI.create("http://" + host + ":" + port)));
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port());
    }

    private static String answerTo(Socket client, String request, String end) throws IOException {
        send(client, request);
        return readUntil(client, end);
    }
}
