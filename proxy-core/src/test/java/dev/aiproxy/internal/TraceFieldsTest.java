package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.TraceContext;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TraceFieldsTest {

    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final String CHOSEN = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01";

    private static TraceContext contextOf(String fields, Function<TraceContext, String> propagation) {
        HttpFields parsed =
                ParsedHead.of("GET / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n").fields();
        return new TraceFields(propagation).contextOf(parsed);
    }

    @Test
    void readsWhatTheClientWrote() {
        TraceContext trace = contextOf("Traceparent: " + PARENT + "\r\ntracestate: a=1\r\nTraceState: b=2\r\n", null);

        assertThat(trace).isEqualTo(new TraceContext(Optional.of(PARENT), Optional.of("a=1,b=2"), Optional.empty()));
    }

    @Test
    void findsNothingWhereThereIsNothing() {
        assertThat(contextOf("A: b\r\n", null)).isSameAs(TraceContext.NONE);
    }

    @Test
    void takesNeitherOfTwoParents() {
        String fields = "traceparent: %s\r\ntraceparent: %s\r\n".formatted(PARENT, CHOSEN);

        assertThat(contextOf(fields, null).traceparent()).isEmpty();
    }

    @Test
    void hasAnotherParentChosenFromTheClients() {
        TraceContext trace = contextOf(
                "traceparent: " + PARENT + "\r\n",
                received -> received.traceparent().orElseThrow().equals(PARENT) ? CHOSEN : "");

        assertThat(trace.forwarded()).contains(CHOSEN);
        assertThat(trace.traceparent()).contains(PARENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7",
                "01-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01",
                "00-0AF7651916CD43DD8448EB211C80319C-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01\r\nx: y"
            })
    void leavesTheClientsParentWhereNoneIsChosen(String chosen) {
        assertThat(contextOf("traceparent: " + PARENT + "\r\n", received -> chosen))
                .isEqualTo(new TraceContext(Optional.of(PARENT), Optional.empty(), Optional.empty()));
    }

    @Test
    void outlivesAChooserThatThrows() {
        TraceContext trace = contextOf("A: b\r\n", received -> {
            throw new IllegalStateException("thrown by a chooser");
        });

        assertThat(trace).isEqualTo(TraceContext.NONE);
    }

    @Test
    void outlivesAChooserThatThrowsWhatItDoesNotDeclare() {
        TraceContext trace = contextOf("A: b\r\n", received -> {
            throw TraceFieldsTest.<RuntimeException>undeclared(new IOException("thrown by a chooser"));
        });

        assertThat(trace).isEqualTo(TraceContext.NONE);
    }

    @SuppressWarnings("unchecked") // It is what makes the compiler let anything through.
    private static <E extends Throwable> E undeclared(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
