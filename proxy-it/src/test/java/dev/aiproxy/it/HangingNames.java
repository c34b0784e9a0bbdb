package dev.aiproxy.it;

import static dev.aiproxy.it.ProxyErrors.assertProxyError;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A program whose name server swallows every question, for a network namespace whose {@code resolv.conf} names
 * 127.0.0.1. A proxy of its own is turned towards names that cannot be looked up; the program says what became of the
 * requests, and fails as an assertion if others were held up.
 */
final class HangingNames {
    private static final int DNS_PORT = 53;
    private static final int REQUESTS = 200;
    private static final int MOST_MORE_THREADS = 40;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration MOST = CONNECT_TIMEOUT.plusSeconds(2);
    private static final Duration PROMPT = Duration.ofSeconds(1);

    private final ProxyExtension proxy = new ProxyExtension();

    /** Takes the questions and reads none. */
    private final DatagramSocket nameServer;

    private HangingNames() throws IOException {
        nameServer = new DatagramSocket(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), DNS_PORT));
    }

    /** The only argument is {@code one} or {@code many}: how many names there are for all the requests. */
    public static void main(String... arguments) throws IOException {
        boolean isOne = arguments[0].equals("one");
        IntFunction<URI> names = number -> URI.create("http://swallowed-" + (isOne ? 0 : number) + ".example");
        int exitCode = 1;
        try {
            new HangingNames().run(names, isOne ? "localhost" : "127.0.0.1");
            exitCode = 0;
        } catch (AssertionError failure) {
            System.out.println(failure);
        } finally {
            // Look-ups that hang cannot be interrupted.
            Runtime.getRuntime().halt(exitCode);
        }
    }

    private void run(IntFunction<URI> names, String other) throws IOException {
        assertThat(nameServer.isBound()).isTrue();
        proxy.with(builder -> builder.connectTimeout(CONNECT_TIMEOUT));
        proxy.upstream()
                .answer(request -> request.target().equals("/live") ? LiveStream.script() : Answers.json(200, "{}"));
        try (LiveStream live = LiveStream.beside(REQUESTS + " look-ups that hang", proxy)) {
            int threadsBefore = Thread.activeCount();
            long startNanos = System.nanoTime();
            List<RawClient> hanging = hang(names);
            long allAskedNanos = System.nanoTime();
            Duration beside = timeOfAnother(other);
            int threads = Thread.activeCount() - threadsBefore;
            for (RawClient client : hanging) {
                assertProxyError(client.readResponse(), 504, "upstream_connect_timeout");
            }
            Duration all = Duration.ofNanos(System.nanoTime() - startNanos);
            Duration last = Duration.ofNanos(System.nanoTime() - allAskedNanos);

            System.out.printf(
                    "504 for %d after %d ms, another answered in %d ms, %d more threads%n",
                    hanging.size(), all.toMillis(), beside.toMillis(), threads);
            live.assertUndisturbed();
            assertThat(all).isGreaterThanOrEqualTo(CONNECT_TIMEOUT);
            assertThat(last).isLessThan(MOST);
            assertThat(beside).isLessThan(PROMPT);
            assertThat(threads).isLessThan(MOST_MORE_THREADS);
        }
    }

    private List<RawClient> hang(IntFunction<URI> names) throws IOException {
        List<RawClient> hanging = new ArrayList<>();
        for (int number = 0; number < REQUESTS; number++) {
            proxy.proxy().retarget(names.apply(number));
            hanging.add(proxy.connect().send(proxy.postRequest("/hanging", "{}")));
            // The live stream is one more.
            int started = number + 2;
            Eventually.await(
                    "request " + number + " to begin",
                    () -> proxy.listener().starts().size() == started);
        }
        return hanging;
    }

    /** How long a request takes whose upstream is known. */
    private Duration timeOfAnother(String host) throws IOException {
        proxy.proxy()
                .retarget(URI.create("http://" + host + ":" + proxy.upstream().port()));
        long startNanos = System.nanoTime();
        RawResponse response =
                proxy.connect().send(proxy.postRequest("/other", "{}")).readResponse();
        assertThat(response.status()).isEqualTo(200);
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
