package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.aiproxy.ForwardProxy;
import dev.aiproxy.InvalidConfigException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A proxy whose target leads back to it says so, instead of calling itself until nothing is left. */
final class LoopIT {
    private static final int STREAMS = 500;
    private static final int MOST_ATTEMPTS = 20_000;

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private static Optional<InetAddress> lanAddress() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && address.getAddress().length == 4)
                .findFirst();
    }

    private static void expectRefusal(String listen, String host, int port) {
        ForwardProxy loop = ForwardProxy.builder()
                .target(URI.create("http://" + host + ":" + port))
                .listen(listen, port)
                .build();
        assertThatExceptionOfType(InvalidConfigException.class)
                .as("%s in front of %s", listen, host)
                .isThrownBy(loop::start)
                .withMessageContaining("own address");
        loop.close();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "127.0.0.1, localhost",
        "127.0.0.1, LOCALHOST",
        "127.0.0.1, 0.0.0.0",
        "127.0.0.1, [::ffff:127.0.0.1]",
        "localhost, 127.0.0.1",
        "0.0.0.0, 127.0.0.1",
        "0.0.0.0, 127.0.0.2",
        "0.0.0.0, localhost",
        "0.0.0.0, 0.0.0.0",
        "::, [::1]",
        "::, 127.0.0.1",
        "::1, [::1]"
    })
    void refusesToStartInFrontOfItself(String listen, String host) throws IOException {
        expectRefusal(listen, host, FreePort.any());
    }

    @Test
    void refusesToStartInFrontOfItsLanAddress() throws IOException {
        Optional<InetAddress> lan = lanAddress();
        assumeThat(lan).as("an address in a network").isPresent();

        expectRefusal("0.0.0.0", lan.orElseThrow().getHostAddress(), FreePort.any());
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "0.0.0.0"})
    void refusesToBeTurnedTowardsItself(String host) throws IOException {
        proxy.upstream().enqueue(Answers.ok());
        URI own = URI.create("http://" + host + ":" + proxy.proxy().address().getPort());

        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> proxy.proxy().retarget(own))
                .withMessageContaining("own address");

        assertThat(proxy.get("/").readResponse().status()).isEqualTo(200);
    }

    @Test
    void answers508WhenTwoProxiesAreTurnedTowardsEachOther() throws IOException {
        try (ForwardProxy other = ForwardProxy.builder()
                .target(URI.create("http://127.0.0.1:" + proxy.proxy().address().getPort()))
                .listen("127.0.0.1", 0)
                .maxStreams(20)
                .build()
                .start()) {
            proxy.proxy()
                    .retarget(URI.create("http://127.0.0.1:" + other.address().getPort()));

            RawResponse response = proxy.get("/").readResponse();

            assertThat(response.status()).isIn(503, 508);
        }
    }

    @Test
    void findsLoopsWithoutAFieldThatTheUpstreamWouldSee() throws IOException {
        proxy.upstream().enqueue(Answers.ok());

        proxy.connect().send("GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n\r\n").readResponse();

        assertThat(proxy.upstream().takeRequest().head().fieldLines())
                .containsExactly("Host: " + proxy.upstream().authority(), "A: b");
    }

    /**
     * Connections to different servers may share a local port, and the kernel lets them do so as soon as there are many.
     * It hands ports out one after another, so that a client that tries often enough gets one of the many.
     */
    @Test
    void takesNoClientForItselfThatSharesAPortWithAnUpstreamConnection() throws IOException {
        proxy.upstream()
                .answer(request ->
                        request.target().equals("/stream") ? Answers.eventHead().then(new Step.Never()) : Answers.ok());
        for (int number = 0; number < STREAMS; number++) {
            proxy.get("/stream").readHead();
        }
        Set<Integer> taken = proxy.upstream().connections().stream()
                .map(RecordedConnection::peerPort)
                .collect(Collectors.toSet());

        Optional<RawClient> client = connectFromOneOf(taken);

        assumeThat(client)
                .as("a client with the port of an upstream connection")
                .isPresent();
        RawResponse response =
                client.orElseThrow().send(proxy.getRequest("/second")).readResponse();
        client.orElseThrow().close();
        assertThat(response.status()).as("%s", response).isEqualTo(200);
    }

    private Optional<RawClient> connectFromOneOf(Set<Integer> ports) throws IOException {
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            RawClient client = RawClient.connect(proxy.proxy().address());
            if (ports.contains(client.localPort())) {
                return Optional.of(client);
            }
            client.reset();
        }
        return Optional.empty();
    }
}
