package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ExchangeListener;
import dev.aiproxy.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ListenersTest {

    private static final Exchange EXCHANGE =
            new Exchange(1, Instant.EPOCH, "127.0.0.1", Optional.empty(), "GET", "/", "");
    private static final ExchangeEnd END = new ExchangeEnd(
            EXCHANGE,
            Outcome.COMPLETED,
            Optional.of(200),
            Optional.empty(),
            0,
            2,
            Optional.of(Duration.ZERO),
            Optional.of(Duration.ZERO),
            Duration.ZERO);

    private final List<String> calls = new ArrayList<>();

    private void tellAll(ExchangeListener listener) {
        listener.onRequest(EXCHANGE);
        listener.onResponse(EXCHANGE, 200);
        listener.onFirstByte(EXCHANGE);
        listener.onFirstToken(EXCHANGE);
        listener.onEnd(END);
    }

    @Test
    void tellsEachListenerInTheOrderTheyWereAddedIn() {
        tellAll(new Listeners(List.of(new Recorder("a"), new Recorder("b"))));

        assertThat(calls)
                .containsExactly(
                        "a request",
                        "b request",
                        "a response 200",
                        "b response 200",
                        "a first byte",
                        "b first byte",
                        "a first token",
                        "b first token",
                        "a end COMPLETED",
                        "b end COMPLETED");
    }

    @Test
    void tellsTheOthersWhenOneThrows() {
        Listeners listeners = new Listeners(List.of(new Recorder("a"), new Thrower(), new Recorder("b")));

        tellAll(listeners);
        tellAll(listeners);

        assertThat(calls).hasSize(20).filteredOn(call -> call.startsWith("b")).hasSize(10);
    }

    /** Kotlin and Lombok let a method throw what it does not declare. */
    @ParameterizedTest
    @MethodSource("whateverCanBeThrown")
    void tellsTheOthersWhateverOneThrows(Throwable thrown) {
        ExchangeListener undeclared = new ExchangeListener() {
            @Override
            public void onEnd(ExchangeEnd end) {
                ListenersTest.<RuntimeException>throwUndeclared(thrown);
            }
        };

        tellAll(new Listeners(List.of(undeclared, new Recorder("b"))));

        assertThat(calls).hasSize(5).last().isEqualTo("b end COMPLETED");
    }

    static Stream<Throwable> whateverCanBeThrown() {
        return Stream.of(new IOException("checked"), new StackOverflowError("error"), new Throwable("neither"));
    }

    @SuppressWarnings("unchecked") // It is what makes the compiler let anything through.
    private static <E extends Throwable> void throwUndeclared(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @Test
    void isContentWithoutListeners() {
        tellAll(new Listeners(List.of()));

        assertThat(calls).isEmpty();
    }

    private final class Recorder implements ExchangeListener {

        private final String name;

        Recorder(String name) {
            this.name = name;
        }

        @Override
        public void onRequest(Exchange exchange) {
            calls.add(name + " request");
        }

        @Override
        public void onResponse(Exchange exchange, int status) {
            calls.add(name + " response " + status);
        }

        @Override
        public void onFirstByte(Exchange exchange) {
            calls.add(name + " first byte");
        }

        @Override
        public void onFirstToken(Exchange exchange) {
            calls.add(name + " first token");
        }

        @Override
        public void onEnd(ExchangeEnd end) {
            calls.add(name + " end " + end.outcome());
        }
    }

    private static final class Thrower implements ExchangeListener {

        @Override
        public void onRequest(Exchange exchange) {
            throw new IllegalStateException("request");
        }

        @Override
        public void onResponse(Exchange exchange, int status) {
            throw new IllegalStateException("response");
        }

        @Override
        public void onFirstByte(Exchange exchange) {
            throw new IllegalStateException("first byte");
        }

        @Override
        public void onFirstToken(Exchange exchange) {
            throw new IllegalStateException("first token");
        }

        @Override
        public void onEnd(ExchangeEnd end) {
            throw new IllegalStateException("end");
        }
    }
}
