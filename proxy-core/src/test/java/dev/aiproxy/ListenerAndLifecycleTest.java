package dev.aiproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.eclipse.jetty.client.HttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a listener may ask of the proxy that calls it. Where it may not, all used to wait for each other for ever. */
final class ListenerAndLifecycleTest {

    private static final long PATIENCE_SECONDS = 10;
    private static final String REFUSAL = "a listener must not close the proxy; have another thread do it";
    private static final Duration LONG = Duration.ofSeconds(PATIENCE_SECONDS).multipliedBy(3);

    private final HttpClient client = new HttpClient();
    private final CompletableFuture<ForwardProxy> proxy = new CompletableFuture<>();
    private StubAiServer aiServer;

    @BeforeEach
    void startClient() throws Exception {
        aiServer = StubAiServer.start();
        client.start();
    }

    @AfterEach
    void stopClient() throws Exception {
        client.stop();
        aiServer.close();
    }

    private ForwardProxyBuilder builder() {
        return ForwardProxy.builder()
                .target(aiServer.uri())
                .listen("127.0.0.1", 0)
                .drainTimeout(Duration.ZERO);
    }

    private void ask(ForwardProxyBuilder settings) {
        proxy.complete(settings.build().start());
        client.newRequest("http://127.0.0.1:" + proxy.join().address().getPort())
                .send(result -> {});
    }

    private void closeInTime() throws Exception {
        CompletableFuture.runAsync(proxy.join()::close).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    static Stream<Arguments> waits() {
        return Stream.of(
                wait("drain", proxy -> proxy.drain(LONG)),
                wait("handOver", proxy -> proxy.handOver(LONG, Duration.ZERO)),
                wait("close", ForwardProxy::close));
    }

    private static Arguments wait(String name, Consumer<ForwardProxy> call) {
        return argumentSet(name, call);
    }

    @ParameterizedTest
    @MethodSource("waits")
    void refusesToWaitInAListener(Consumer<ForwardProxy> wait) throws Exception {
        CompletableFuture<Void> called = new CompletableFuture<>();

        ask(builder().listener(new ExchangeListener() {
            @Override
            public void onEnd(ExchangeEnd end) {
                call(called, wait);
            }
        }));

        assertRefused(called);
        closeInTime();
    }

    @ParameterizedTest
    @MethodSource("waits")
    void refusesToWaitWhereATraceIsChosen(Consumer<ForwardProxy> wait) throws Exception {
        CompletableFuture<Void> called = new CompletableFuture<>();

        ask(builder().tracePropagation(received -> {
            call(called, wait);
            return "";
        }));

        assertRefused(called);
        closeInTime();
    }

    private void call(CompletableFuture<Void> called, Consumer<ForwardProxy> wait) {
        try {
            wait.accept(proxy.join());
            called.complete(null);
        } catch (IllegalStateException refused) {
            called.completeExceptionally(refused);
        }
    }

    private static void assertRefused(CompletableFuture<Void> called) {
        assertThat(called)
                .failsWithin(Duration.ofSeconds(PATIENCE_SECONDS))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(IllegalStateException.class)
                .withMessage(REFUSAL);
    }

    @Test
    void isClosedByAnotherThreadThatAListenerAsks() throws Exception {
        CompletableFuture<Void> closed = new CompletableFuture<>();

        ask(builder().listener(new ExchangeListener() {
            @Override
            public void onEnd(ExchangeEnd end) {
                proxy.thenAcceptAsync(ForwardProxy::close).whenComplete((nothing, failure) -> closed.complete(null));
            }
        }));

        assertThat(closed).succeedsWithin(Duration.ofSeconds(PATIENCE_SECONDS));
    }

    /** The server waits for the thread that is in the listener, which must not have to wait for the one that stops it. */
    @Test
    void tellsAListenerItsStateWhileItStops() throws Exception {
        CountDownLatch isCalled = new CountDownLatch(1);
        CompletableFuture<String> state = new CompletableFuture<>();
        ask(builder().listener(new ExchangeListener() {
            @Override
            public void onRequest(Exchange exchange) {
                isCalled.countDown();
                state.complete(stateOnceClosed());
            }
        }));
        assertThat(isCalled.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

        closeInTime();

        assertThat(state).isCompletedWithValue("already closed");
    }

    private String stateOnceClosed() {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (System.nanoTime() - deadline < 0) {
            try {
                proxy.join().address();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            } catch (IllegalStateException closed) {
                return String.valueOf(closed.getMessage());
            }
        }
        return "still running";
    }
}
