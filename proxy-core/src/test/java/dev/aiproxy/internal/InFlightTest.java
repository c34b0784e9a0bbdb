package dev.aiproxy.internal;

import static dev.aiproxy.internal.PlainTalk.readUntil;
import static dev.aiproxy.internal.PlainTalk.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.ExchangeListener;
import dev.aiproxy.ForwardProxy;
import dev.aiproxy.ForwardProxyBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InFlightTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int BACKLOG = 10;

    private ServerSocket upstream;
    private ProxyServer proxy;

    @BeforeEach
    void listen() throws IOException {
        upstream = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.stop();
        upstream.close();
    }

    @ParameterizedTest(name = "clients may close their half: {0}")
    @ValueSource(booleans = {false, true})
    void looksNoMoreAtStreamsThatHaveBegun(boolean allowsHalfClose) throws Exception {
        start(builder().allowHalfClose(allowsHalfClose));
        try (Socket client = ask("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
                Socket server = accept()) {
            beginStream(server, client);

            awaitSettled();
            assertThat(proxy.inFlight().count()).isEqualTo(1);
        }
    }

    @ParameterizedTest(name = "clients may close their half: {0}")
    @ValueSource(booleans = {false, true})
    void seesTheClientLeaveWhenItIsLookedAtNoMore(boolean allowsHalfClose) throws Exception {
        start(builder().allowHalfClose(allowsHalfClose));
        Socket client = ask("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
        try (Socket server = accept()) {
            beginStream(server, client);
            awaitSettled();

            client.setSoLinger(true, 0);
            client.close();

            assertThat(server.getInputStream().read())
                    .as("the upstream is left, too")
                    .isNegative();
        }
    }

    @Test
    void goesOnLookingAtRequestsWithoutAnAnswer() throws Exception {
        start(builder());
        try (Socket client = ask("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
                Socket server = accept()) {
            awaitAnotherToSettle();
            assertThat(proxy.inFlight().unsettled()).isEqualTo(1);

            beginStream(server, client);
            awaitSettled();
        }
    }

    @Test
    void goesOnLookingAtRequestsThatAreAnsweredBeforeTheyAreSent() throws Exception {
        start(builder());
        try (Socket client = ask("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf");
                Socket server = accept()) {
            beginStream(server, client);
            awaitAnotherToSettle();
            assertThat(proxy.inFlight().unsettled()).isEqualTo(1);

            send(client, " done");
            awaitSettled();
        }
    }

    @Test
    void goesOnLookingAtTunnels() throws Exception {
        start(builder());
        try (Socket client = ask("GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
                Socket server = accept()) {
            send(server, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello");
            assertThat(readUntil(client, "hello")).startsWith("HTTP/1.1 101 ");

            awaitAnotherToSettle();
            assertThat(proxy.inFlight().unsettled()).isEqualTo(1);
        }
    }

    @Test
    void forgetsWhatIsOver() throws Exception {
        start(builder());
        try (Socket client = ask("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
                Socket server = accept()) {
            send(server, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

            assertThat(readUntil(client, "ok")).endsWith("ok");
            Eventually.await("to be forgotten", PATIENCE, () -> proxy.inFlight().count() == 0);
            assertThat(proxy.inFlight().unsettled()).isZero();
        }
    }

    /** Only one of them was told, and the others waited for as long as they may. */
    @Test
    void tellsAllWhoWaitForTheLastOne() throws Exception {
        start(builder());
        try (Socket client = ask("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
                Socket server = accept()) {
            beginStream(server, client);
            List<FutureTask<Boolean>> waits = List.of(waitForNone(), waitForNone(), waitForNone());

            send(server, "0\r\n\r\n");

            for (FutureTask<Boolean> wait : waits) {
                assertThat(wait.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    /** Returns once it waits, for longer than the test does. */
    private FutureTask<Boolean> waitForNone() {
        FutureTask<Boolean> wait = new FutureTask<>(() -> proxy.inFlight().awaitNone(PATIENCE.multipliedBy(3)));
        Thread waiter = new Thread(wait, "waits-for-none");
        waiter.start();
        Eventually.await("to wait", PATIENCE, () -> waiter.getState() == Thread.State.TIMED_WAITING);
        return wait;
    }

    private ForwardProxyBuilder builder() {
        return ForwardProxy.builder()
                .target(URI.create("http://127.0.0.1:" + upstream.getLocalPort()))
                .listen("127.0.0.1", 0);
    }

    private void start(ForwardProxyBuilder settings) throws Exception {
        ExchangeListener nobody = new ExchangeListener() {};
        proxy = new ProxyServer(settings.config(), nobody, new TraceFields(null), new Counters(), () -> false);
        proxy.start();
    }

    private Socket ask(String request) throws IOException {
        Socket client =
                new Socket(InetAddress.getLoopbackAddress(), proxy.address().getPort());
        send(client, request);
        return client;
    }

    /** The upstream's end, once the request is there: what comes before it is not its answer. */
    private Socket accept() throws IOException {
        Socket server = upstream.accept();
        server.setSoTimeout((int) PATIENCE.toMillis());
        readUntil(server, "\r\n\r\n");
        return server;
    }

    private static void beginStream(Socket server, Socket client) throws IOException {
        send(
                server,
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "9\r\ndata: 1\n\n\r\n");
        assertThat(readUntil(client, "data: 1\n\n\r\n")).contains("text/event-stream");
    }

    /** Has a younger exchange come and settle: then whatever is due to an older one at that age has been done. */
    private void awaitAnotherToSettle() throws IOException {
        try (Socket client = ask("GET /other HTTP/1.1\r\nHost: a\r\n\r\n");
                Socket server = accept()) {
            beginStream(server, client);
            ProxyExchange youngest = proxy.inFlight().list().stream()
                    .max(Comparator.comparingLong(exchange -> exchange.facts().id()))
                    .orElseThrow();
            Eventually.await("another to settle", PATIENCE, youngest::isSettled);
        }
        Eventually.await("another to end", PATIENCE, () -> proxy.inFlight().count() == 1);
    }

    private void awaitSettled() {
        Eventually.await(
                "to be looked at no more", PATIENCE, () -> proxy.inFlight().unsettled() == 0);
    }
}
