package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.aiproxy.internal.FailureMapping.Phase;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.http.HttpException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class FailureMappingTest {

    static Stream<Arguments> whileConnecting() {
        return Stream.of(
                argumentSet("refused", new ConnectException("refused"), Failure.UPSTREAM_CONNECT_REFUSED),
                argumentSet(
                        "given up by the system",
                        new ExecutionException(new ConnectException("Connection timed out")),
                        Failure.UPSTREAM_CONNECT_TIMEOUT),
                argumentSet("unknown host", new UnknownHostException("x"), Failure.UPSTREAM_UNKNOWN_HOST),
                argumentSet("unresolved", new UnresolvedAddressException(), Failure.UPSTREAM_UNKNOWN_HOST),
                argumentSet("connect timeout", new SocketTimeoutException(), Failure.UPSTREAM_CONNECT_TIMEOUT),
                argumentSet("handshake timeout", handshakeTimeout(), Failure.UPSTREAM_CONNECT_TIMEOUT),
                argumentSet("no h2 agreed", new NoHttp2Exception("x", null), Failure.UPSTREAM_VERSION_REFUSED),
                argumentSet("bad certificate", new SSLHandshakeException("x"), Failure.UPSTREAM_TLS_FAILED),
                argumentSet("queue full", new RejectedExecutionException(), Failure.TOO_MANY_STREAMS),
                argumentSet("no route", new NoRouteToHostException(), Failure.UPSTREAM_CONNECT_FAILED),
                argumentSet("port unreachable", new PortUnreachableException(), Failure.UPSTREAM_CONNECT_FAILED),
                argumentSet("network down", new SocketException("x"), Failure.UPSTREAM_CONNECT_FAILED),
                argumentSet("closed in handshake", new ClosedChannelException(), Failure.UPSTREAM_CONNECT_FAILED));
    }

    private static Throwable handshakeTimeout() {
        SSLHandshakeException handshake = new SSLHandshakeException("given up");
        handshake.initCause(new TimeoutException());
        return handshake;
    }

    @ParameterizedTest
    @MethodSource("whileConnecting")
    void tellsWhyThereIsNoConnection(Throwable thrown, Failure expected) {
        assertThat(FailureMapping.of(thrown, Phase.CONNECTING)).isEqualTo(expected);
    }

    static Stream<Arguments> whileWaiting() {
        return Stream.of(
                argumentSet("silence", new TimeoutException(), Failure.UPSTREAM_IDLE_TIMEOUT),
                argumentSet("no h2 spoken", new NoHttp2Exception("x", null), Failure.UPSTREAM_VERSION_REFUSED),
                argumentSet("no HTTP", new HttpResponseException("x", null), Failure.UPSTREAM_BAD_RESPONSE),
                argumentSet(
                        "head too large", new HttpException.RuntimeException(431, "x"), Failure.UPSTREAM_BAD_RESPONSE),
                argumentSet("any other error in parsing", new IllegalStateException(), Failure.UPSTREAM_BAD_RESPONSE),
                argumentSet("end", new EOFException(), Failure.UPSTREAM_CLOSED),
                argumentSet("reset", new SocketException("Connection reset"), Failure.UPSTREAM_CLOSED),
                argumentSet("closed", new AsynchronousCloseException(), Failure.UPSTREAM_CLOSED));
    }

    @ParameterizedTest
    @MethodSource("whileWaiting")
    void tellsWhyThereIsNoAnswer(Throwable thrown, Failure expected) {
        assertThat(FailureMapping.of(thrown, Phase.WAITING)).isEqualTo(expected);
    }

    static Stream<Arguments> whileResponding() {
        return Stream.of(
                argumentSet("silence", new TimeoutException(), Failure.UPSTREAM_IDLE_TIMEOUT),
                argumentSet("end", new EOFException(), Failure.UPSTREAM_CUT),
                argumentSet("reset", new SocketException("Connection reset"), Failure.UPSTREAM_CUT),
                argumentSet("broken chunk", new HttpResponseException("x", null), Failure.UPSTREAM_CUT));
    }

    @ParameterizedTest
    @MethodSource("whileResponding")
    void tellsWhyAnAnswerBrokeOff(Throwable thrown, Failure expected) {
        assertThat(FailureMapping.of(thrown, Phase.RESPONDING)).isEqualTo(expected);
    }

    @Test
    void looksForTheCause() {
        Throwable wrapped = new ExecutionException(new IOException(new UnknownHostException("x")));

        assertThat(FailureMapping.of(wrapped, Phase.CONNECTING)).isEqualTo(Failure.UPSTREAM_UNKNOWN_HOST);
    }

    @Test
    void leavesARingOfCauses() {
        Exception one = new IOException();
        Exception two = new Exception(one);
        one.initCause(two);

        assertThat(FailureMapping.of(one, Phase.WAITING)).isEqualTo(Failure.UPSTREAM_CLOSED);
    }
}
