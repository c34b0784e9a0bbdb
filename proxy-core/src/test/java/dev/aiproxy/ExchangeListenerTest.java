package dev.aiproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ExchangeListenerTest {

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final HttpClient client = new HttpClient();

    @BeforeEach
    void startClient() throws Exception {
        client.start();
    }

    @AfterEach
    void stopClient() throws Exception {
        client.stop();
    }

    private String get(ForwardProxy proxy, String path) throws Exception {
        String body = client.GET("http://127.0.0.1:" + proxy.address().getPort() + path)
                .getContentAsString();
        assertThat(ended.await(10, TimeUnit.SECONDS)).as("the exchange ended").isTrue();
        return body;
    }

    @Test
    void isToldInTheOrderOfItsMethods() throws Exception {
        try (StubAiServer aiServer = StubAiServer.start();
                ForwardProxy proxy = ForwardProxy.builder()
                        .target(aiServer.uri())
                        .listen("127.0.0.1", 0)
                        .listener(new Recorder())
                        .build()
                        .start()) {
            assertThat(get(proxy, "/v1/models?key=s3cret")).isEqualTo("hello");

            assertThat(calls)
                    .containsExactly(
                            "request GET /v1/models?key=", "response 200", "first byte", "end COMPLETED 200 5 bytes");
        }
    }

    @Test
    void doesNoHarmWhenItThrows() throws Exception {
        try (StubAiServer aiServer = StubAiServer.start();
                ForwardProxy proxy = ForwardProxy.builder()
                        .target(aiServer.uri())
                        .listen("127.0.0.1", 0)
                        .listener(new Thrower())
                        .listener(new Recorder())
                        .build()
                        .start()) {
            assertThat(get(proxy, "/")).isEqualTo("hello");

            assertThat(calls).hasSize(4).last().isEqualTo("end COMPLETED 200 5 bytes");
        }
    }

    /** The exchange would stay in flight, and the next but one be refused. */
    @Test
    void doesNoHarmWhenItThrowsWhatItDoesNotDeclare() throws Exception {
        try (StubAiServer aiServer = StubAiServer.start();
                ForwardProxy proxy = ForwardProxy.builder()
                        .target(aiServer.uri())
                        .listen("127.0.0.1", 0)
                        .maxStreams(2)
                        .listener(new CheckedThrower())
                        .listener(new Recorder())
                        .build()
                        .start()) {
            for (int i = 0; i < 5; i++) {
                assertThat(get(proxy, "/")).isEqualTo("hello");
            }
        }
    }

    private final class Recorder implements ExchangeListener {

        @Override
        public void onRequest(Exchange exchange) {
            calls.add("request " + exchange.method() + " " + exchange.path() + exchange.query());
        }

        @Override
        public void onResponse(Exchange exchange, int status) {
            calls.add("response " + status);
        }

        @Override
        public void onFirstByte(Exchange exchange) {
            calls.add("first byte");
        }

        @Override
        public void onEnd(ExchangeEnd end) {
            calls.add("end " + end.outcome() + " " + end.status().orElseThrow() + " " + end.responseBytes() + " bytes");
            ended.countDown();
        }
    }

    private static final class Thrower implements ExchangeListener {

        @Override
        public void onRequest(Exchange exchange) {
            throw new IllegalStateException("thrown by a listener");
        }

        @Override
        public void onResponse(Exchange exchange, int status) {
            throw new IllegalStateException("thrown by a listener");
        }

        @Override
        public void onFirstByte(Exchange exchange) {
            throw new IllegalStateException("thrown by a listener");
        }

        @Override
        public void onEnd(ExchangeEnd end) {
            throw new IllegalStateException("thrown by a listener");
        }
    }

    private static final class CheckedThrower implements ExchangeListener {

        @Override
        public void onEnd(ExchangeEnd end) {
            CheckedThrower.<RuntimeException>throwUndeclared(new IOException("thrown by a listener"));
        }

        @SuppressWarnings("unchecked") // It is what makes the compiler let anything through, as Kotlin's does.
        private static <E extends Throwable> void throwUndeclared(Throwable thrown) throws E {
            throw (E) thrown;
        }
    }
}
