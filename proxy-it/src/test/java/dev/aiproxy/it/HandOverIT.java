package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.aiproxy.ForwardProxy;
import dev.aiproxy.ForwardProxyBuilder;
import dev.aiproxy.Outcome;
import dev.aiproxy.PortSharing;
import dev.aiproxy.ProxyException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One proxy takes over from another, and clients do not notice. */
final class HandOverIT {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration QUIET = Duration.ofMillis(300);

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private CompletableFuture<Boolean> handOver(Duration quiet) {
        return handOver(LONG, quiet);
    }

    private CompletableFuture<Boolean> handOver(Duration timeout, Duration quiet) {
        CompletableFuture<Boolean> over =
                CompletableFuture.supplyAsync(() -> proxy.proxy().handOver(timeout, quiet));
        InetSocketAddress address = proxy.proxy().address();
        Eventually.await("new connections to be refused", () -> isRefused(address));
        return over;
    }

    private static boolean isRefused(InetSocketAddress address) {
        try (RawClient client = RawClient.connect(address)) {
            return client == null;
        } catch (ConnectException refused) {
            return true;
        } catch (IOException reset) {
            return false;
        }
    }

    private ForwardProxyBuilder another(int port, PortSharing sharing) {
        return ForwardProxy.builder()
                .target(proxy.upstream().uri())
                .listen("127.0.0.1", port)
                .portSharing(sharing)
                .drainTimeout(Duration.ZERO);
    }

    @Test
    void servesOpenConnectionsAndAsksTheirClientsToComeBackOnOthers() throws Exception {
        proxy.upstream().answer(request -> Answers.ok());
        RawClient client = proxy.get("/before");
        assertThat(client.readResponse().head().values("Connection")).isEmpty();
        CompletableFuture<Boolean> over = handOver(LONG);

        RawResponse response = client.send(proxy.getRequest("/meanwhile")).readResponse();

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.head().values("Connection")).containsExactly("close");
        assertThat(client.readToEnd()).isEqualTo(Ending.FIN);
        client.fin();
        assertThat(over.get(15, TimeUnit.SECONDS)).isTrue();
    }

    /** It is more than a number of nanoseconds, or of milliseconds, can say. */
    @Test
    void waitsForEverIfItIsToldTo() throws Exception {
        proxy.upstream().answer(request -> Answers.ok());
        RawClient client = proxy.get("/before");
        client.readResponse();
        Duration forEver = ChronoUnit.FOREVER.getDuration();
        CompletableFuture<Boolean> over = handOver(forEver, forEver);

        client.fin();

        assertThat(over.get(15, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void letsStreamsEnd() throws Exception {
        Gate gate = Gate.named("rest of the stream");
        proxy.upstream().enqueue(Answers.gatedEvents(1, gate));
        RawClient client = proxy.get("/stream");
        client.readHead();
        CompletableFuture<Boolean> over = handOver(Duration.ZERO);

        gate.open();

        assertThat(client.readChunk()).isEqualTo(Answers.event(1));
        assertThat(client.readRaw("0\r\n\r\n".length())).isEqualTo("0\r\n\r\n");
        proxy.expectEnd(Outcome.COMPLETED);
        assertThat(over.get(15, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void closesConnectionsThatNobodyUses() throws Exception {
        proxy.upstream().answer(request -> Answers.ok());
        RawClient client = proxy.get("/before");
        client.readResponse();
        CompletableFuture<Boolean> over = handOver(QUIET);

        assertThat(client.readToEnd()).isEqualTo(Ending.FIN);
        assertThat(over.get(15, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void tellsWhenClientsStayTooLong() throws IOException {
        proxy.upstream().answer(request -> Answers.ok());
        proxy.get("/before").readResponse();

        assertThat(proxy.proxy().handOver(QUIET, LONG)).isFalse();
    }

    @Test
    void lendsItsPortToASuccessorOnly() throws IOException {
        assumeThat(PortSharing.isSupported()).as("ports can be shared").isTrue();
        proxy.with(builder -> builder.portSharing(PortSharing.OFFERED));
        proxy.upstream().answer(request -> Answers.ok());
        int port = proxy.proxy().address().getPort();

        for (PortSharing stranger : new PortSharing[] {PortSharing.NONE, PortSharing.OFFERED}) {
            ForwardProxy refused = another(port, stranger).build();
            assertThatExceptionOfType(ProxyException.class)
                    .isThrownBy(refused::start)
                    .withMessageContaining("address in use");
            refused.close();
        }
        try (ForwardProxy successor =
                another(port, PortSharing.SUCCESSOR).build().start()) {
            assertThat(proxy.proxy().handOver(LONG, QUIET)).isTrue();
            assertThat(proxy.get("/after").readResponse().status()).isEqualTo(200);
            assertThat(successor.stats().requests()).isEqualTo(1);
        }
    }

    @Test
    void lendsItsPortToNobodyUnlessItIsOffered() {
        int port = proxy.proxy().address().getPort();
        ForwardProxy refused = another(port, PortSharing.SUCCESSOR).build();

        assertThatExceptionOfType(ProxyException.class)
                .isThrownBy(refused::start)
                .withMessageContaining("address in use");
        refused.close();
    }

    @Test
    void listensAtASocketThatIsGiven() throws IOException {
        proxy.upstream().answer(request -> Answers.ok());
        try (ServerSocketChannel socket = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
                ForwardProxy given = ForwardProxy.builder()
                        .target(proxy.upstream().uri())
                        .listen(socket)
                        .build()
                        .start()) {
            assertThat(given.address()).isEqualTo(socket.getLocalAddress());
            try (RawClient client = RawClient.connect(given.address())) {
                assertThat(client.send(proxy.getRequest("/")).readResponse().status())
                        .isEqualTo(200);
            }
        }
    }
}
