package dev.aiproxy.it;

import static dev.aiproxy.it.Promptness.assertPrompt;
import static dev.aiproxy.it.ProxyErrors.assertProxyError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ForwardProxy;
import dev.aiproxy.InvalidConfigException;
import dev.aiproxy.Outcome;
import dev.aiproxy.ProxyException;
import dev.aiproxy.it.RawResponse.Integrity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** It starts once, stops once, and leaves nothing behind. */
final class LifecycleIT {
    private static final Duration SHORT = Duration.ofMillis(300);

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private static boolean accepts(InetSocketAddress address) {
        try (RawClient client = RawClient.connect(address)) {
            return client != null;
        } catch (SocketException refused) {
            // Or reset, in the very moment in which the listener is closed.
            return false;
        } catch (IOException failure) {
            throw new AssertionError("neither accepted nor refused", failure);
        }
    }

    @Test
    void acceptsConnectionsWhenStartReturns() {
        assertThat(accepts(proxy.proxy().address())).isTrue();
        assertThat(proxy.proxy().address().getAddress()).isEqualTo(InetAddress.getLoopbackAddress());
    }

    @Test
    void freesItsPortWhenItCloses() throws IOException {
        InetSocketAddress address = proxy.proxy().address();

        proxy.proxy().close();

        assertThat(accepts(address)).isFalse();
        try (ServerSocket taken = new ServerSocket()) {
            taken.setReuseAddress(true);
            taken.bind(address);
            assertThat(taken.isBound()).isTrue();
        }
    }

    @Test
    void leavesNoThreadBehindAfterFiftyLives() throws IOException {
        proxy.upstream().answer(request -> Answers.ok());
        liveOnce();
        Set<Thread> before = liveThreads();

        for (int life = 0; life < 50; life++) {
            liveOnce();
        }

        Eventually.await("the proxy's threads to end", () -> newThreads(before).isEmpty());
    }

    @Test
    void leavesNothingBehindWhenAnInterruptedThreadClosesIt() throws IOException {
        proxy.upstream().answer(request -> Answers.silence());
        liveOnceInterrupted();
        Set<Thread> before = liveThreads();

        long startNanos = System.nanoTime();
        liveOnceInterrupted();

        assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
                .as("without its drain time")
                .isLessThan(Duration.ofSeconds(20));
        Eventually.await("the proxy's threads to end", () -> newThreads(before).isEmpty());
    }

    private void liveOnceInterrupted() throws IOException {
        ForwardProxy once = ForwardProxy.builder()
                .target(proxy.upstream().uri())
                .listen("127.0.0.1", 0)
                .build()
                .start();
        InetSocketAddress address = once.address();
        try (RawClient client = RawClient.connect(address)) {
            client.send(proxy.getRequest("/"));
            proxy.upstream().takeRequest();

            Thread.currentThread().interrupt();
            once.close();

            assertThat(Thread.interrupted()).as("still interrupted").isTrue();
            assertThat(client.readToEnd()).isIn(Ending.FIN, Ending.RST);
        }
        assertThat(accepts(address)).isFalse();
    }

    @Test
    void saysThatItWasInterruptedWhileItStarted() {
        Set<Thread> before = liveThreads();
        ForwardProxy interrupted = ForwardProxy.builder()
                .target(proxy.upstream().uri())
                .listen("127.0.0.1", 0)
                .build();

        Thread.currentThread().interrupt();

        assertThatExceptionOfType(ProxyException.class)
                .isThrownBy(interrupted::start)
                .withMessage("cannot listen on 127.0.0.1:0: interrupted while starting");
        assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        Eventually.await("the proxy's threads to end", () -> newThreads(before).isEmpty());
    }

    private void liveOnce() throws IOException {
        try (ForwardProxy once = ForwardProxy.builder()
                .target(proxy.upstream().uri())
                .listen("127.0.0.1", 0)
                .drainTimeout(SHORT)
                .build()
                .start()) {
            try (RawClient client = RawClient.connect(once.address())) {
                assertThat(client.send(proxy.getRequest("/")).readResponse().status())
                        .isEqualTo(200);
            }
        }
    }

    private static Set<Thread> liveThreads() {
        return Thread.getAllStackTraces().keySet();
    }

    private static Set<String> newThreads(Set<Thread> before) {
        return liveThreads().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                // The upstream's, and those of JUnit.
                .filter(name -> !name.startsWith("upstream-") && !name.startsWith("ForkJoinPool-"))
                .collect(Collectors.toSet());
    }

    @Test
    void letsStreamsFinishWhileItDrains() throws Exception {
        Gate gate = Gate.named("rest of the stream");
        proxy.upstream().enqueue(Answers.gatedEvents(1, gate), Answers.ok());
        RawClient idle = proxy.connect();
        RawClient client = proxy.get("/stream");
        client.readHead();
        InetSocketAddress address = proxy.proxy().address();

        CompletableFuture<Boolean> drained =
                CompletableFuture.supplyAsync(() -> proxy.proxy().drain(Duration.ofSeconds(15)));
        Eventually.await("new connections to be refused", () -> !accepts(address));
        gate.open();

        assertThat(client.readChunk()).isEqualTo(Answers.event(1));
        assertThat(client.readRaw("0\r\n\r\n".length())).isEqualTo("0\r\n\r\n");
        assertThat(drained.get(15, TimeUnit.SECONDS)).isTrue();
        proxy.expectEnd(Outcome.COMPLETED);
        idle.fin();
    }

    /** While it drains, Jetty calls a connection silent after a second; this one has only asked for a lot. */
    @Test
    void waitsForASlowReaderWhileItDrains() throws Exception {
        int length = 20_000_000;
        proxy.upstream()
                .enqueue(Answers.headOnly("HTTP/1.1 200 OK", "Content-Length: " + length)
                        .then(new Step.Pour(length)));
        RawClient client = proxy.get("/big");
        MessageHead head = client.readHead();

        CompletableFuture<Boolean> drained =
                CompletableFuture.supplyAsync(() -> proxy.proxy().drain(Duration.ofSeconds(15)));

        assertThatThrownBy(() -> drained.get(3, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
        assertThat(client.readRestOf(head).integrity()).isEqualTo(Integrity.WHOLE);
        assertThat(drained.get(15, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void answers503OnOpenConnectionsWhileItDrains() throws Exception {
        Gate gate = Gate.named("rest of the stream");
        proxy.upstream()
                .answer(request -> request.target().equals("/stream") ? Answers.gatedEvents(1, gate) : Answers.ok());
        RawClient open = proxy.get("/warm");
        open.readResponse();
        RawClient client = proxy.get("/stream");
        client.readHead();
        InetSocketAddress address = proxy.proxy().address();
        CompletableFuture<Boolean> drained =
                CompletableFuture.supplyAsync(() -> proxy.proxy().drain(Duration.ofSeconds(15)));
        Eventually.await("new connections to be refused", () -> !accepts(address));

        open.send(proxy.getRequest("/late"));

        assertProxyError(open.readResponse(), 503, "shutting_down");
        assertThat(proxy.listener().awaitEnd(2).outcome()).isEqualTo(Outcome.REFUSED);
        gate.open();
        assertThat(drained.get(15, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void tellsWhenDrainingTookTooLong() throws IOException {
        proxy.upstream().enqueue(Answers.silence());
        proxy.get("/silent");
        proxy.upstream().takeRequest();

        assertThat(proxy.proxy().drain(SHORT)).isFalse();
        assertThat(proxy.upstream().connections().get(0).ending()).isEqualTo(Ending.OPEN);
    }

    @Test
    void tearsWhatIsLeftWhenTheDrainTimeIsOver() throws IOException {
        proxy.with(builder -> builder.drainTimeout(SHORT));
        proxy.upstream().enqueue(Answers.eventHead().then(Step.chunk("half"), new Step.Never()));
        RawClient client = proxy.get("/stream");
        client.readHead();
        client.readChunk();
        long startNanos = System.nanoTime();

        proxy.proxy().close();

        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isBetween(SHORT, Duration.ofSeconds(3));
        assertThat(client.readToEnd()).isIn(Ending.FIN, Ending.RST);
        proxy.expectEnd(Outcome.SHUT_DOWN);
    }

    @Test
    void closesAtOnceWhenNothingIsInFlight() throws IOException {
        proxy.with(builder -> builder.drainTimeout(Duration.ofSeconds(30)));
        proxy.upstream().enqueue(Answers.ok());
        proxy.get("/").readResponse();
        proxy.expectEnd(Outcome.COMPLETED);
        long startNanos = System.nanoTime();

        proxy.proxy().close();

        assertPrompt(startNanos, Duration.ofSeconds(2));
    }

    @Test
    void closesTwiceAndStartsOnce() {
        ForwardProxy started = proxy.proxy();
        assertThatIllegalStateException().isThrownBy(started::start);

        started.close();
        started.close();

        assertThatIllegalStateException().isThrownBy(started::start);
        assertThatIllegalStateException().isThrownBy(started::address);
        assertThat(started.drain(SHORT)).isTrue();
    }

    @Test
    void saysThatItsPortIsTaken() {
        InetSocketAddress taken = proxy.proxy().address();
        ForwardProxy second = ForwardProxy.builder()
                .target(proxy.upstream().uri())
                .listen("127.0.0.1", taken.getPort())
                .build();

        assertThatExceptionOfType(ProxyException.class)
                .isThrownBy(second::start)
                .withMessageContaining("cannot listen on 127.0.0.1:" + taken.getPort())
                .withMessageContaining("in use");
        second.close();
    }

    @Test
    void refusesItselfAsItsTarget() throws IOException {
        int port = FreePort.any();
        for (String host : List.of("127.0.0.1", "localhost")) {
            ForwardProxy loop = ForwardProxy.builder()
                    .target(URI.create("http://" + host + ":" + port))
                    .listen("127.0.0.1", port)
                    .build();

            assertThatExceptionOfType(InvalidConfigException.class).isThrownBy(loop::start);
            loop.close();
        }
    }

    @Test
    void sendsNewRequestsToTheNewTarget() throws IOException {
        Gate gate = Gate.named("rest of the stream");
        proxy.upstream().enqueue(Answers.gatedEvents(1, gate));
        RawClient old = proxy.get("/stream");
        old.readHead();
        try (ScriptedUpstream other = ScriptedUpstream.plain()) {
            other.enqueue(Answers.json(200, "{\"from\":\"other\"}"));

            proxy.proxy().retarget(other.uri());

            assertThat(proxy.proxy().config().target()).isEqualTo(other.uri());
            assertThat(proxy.get("/new").readResponse().text()).isEqualTo("{\"from\":\"other\"}");
            assertThat(other.takeRequest().head().values("Host")).containsExactly(other.authority());
            gate.open();
            assertThat(old.readChunk()).isEqualTo(Answers.event(1));
        }
    }

    @Test
    void listsWhatIsInFlight() throws IOException {
        proxy.upstream().answer(request -> Answers.silence());
        RawClient first = proxy.get("/first?key=secret");
        proxy.upstream().takeRequest();
        proxy.get("/second");
        proxy.upstream().takeRequest();

        assertThat(proxy.proxy().inFlight())
                .extracting(exchange -> exchange.method() + " " + exchange.path() + exchange.query())
                .containsExactly("GET /first?key=", "GET /second");
        first.fin();
        ExchangeEnd end = proxy.listener().awaitEnd(1);
        assertThat(end.exchange().path()).isEqualTo("/first");
        Eventually.await(
                "one exchange in flight", () -> proxy.proxy().inFlight().size() == 1);
    }
}
