package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.Outcome;
import dev.aiproxy.TargetHttpVersion;
import dev.aiproxy.TraceContext;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which traceparent the upstream gets: the client's, unless the proxy is to choose one. */
final class TracePropagationIT {
    private static final String CLIENTS = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final String CHOSEN = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01";

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private String forwarded(String fields) throws IOException {
        proxy.upstream().enqueue(Answers.ok());
        proxy.connect()
                .send("POST /v1/chat?key=a HTTP/1.1\r\nHost: x\r\n" + fields + "Content-Length: 2\r\n\r\n{}")
                .readResponse();
        return proxy.upstream().takeRequest().head().text();
    }

    private String head(String fields) {
        return "POST /v1/chat?key=a HTTP/1.1\r\nHost: " + proxy.upstream().authority() + "\r\n" + fields + "\r\n";
    }

    @ParameterizedTest
    @CsvSource({
        "''",
        "'TraceParent:  00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00\r\ntracestate:a=1 ,b=2\r\n'",
        "'traceparent: no such thing\r\n'",
        "'traceparent: 1\r\nTRACEPARENT: 2\r\n'"
    })
    void leavesEveryByteAsItCame(String fields) throws IOException {
        assertThat(forwarded(fields)).isEqualTo(head(fields + "Content-Length: 2\r\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "'a: b\r\nTraceParent: " + CLIENTS + "\r\ntracestate:a=1 ,b=2\r\n', 'a: b\r\nTraceParent: " + CHOSEN
                + "\r\ntracestate:a=1 ,b=2\r\nContent-Length: 2\r\n'",
        "'a: b\r\n', 'a: b\r\nContent-Length: 2\r\ntraceparent: " + CHOSEN + "\r\n'"
    })
    void putsTheChosenOneWhereTheClientsWas(String fields, String sent) throws IOException {
        proxy.with(builder -> builder.tracePropagation(received -> CHOSEN));

        assertThat(forwarded(fields)).isEqualTo(head(sent));
    }

    @Test
    void tellsListenersWhatCameAndWhatWent() throws IOException {
        proxy.with(builder -> builder.tracePropagation(received -> CHOSEN));

        forwarded("traceparent: " + CLIENTS + "\r\ntracestate: a=1\r\ntracestate: b=2\r\n");

        assertThat(proxy.expectEnd(Outcome.COMPLETED).exchange())
                .hasFieldOrPropertyWithValue("httpVersion", Optional.of("1.1"))
                .hasFieldOrPropertyWithValue(
                        "trace", new TraceContext(Optional.of(CLIENTS), Optional.of("a=1,b=2"), Optional.of(CHOSEN)));
    }

    @Test
    void doesTheSameInHttp2() throws Exception {
        FrameScript script = new FrameScript(request -> request.answer("fine"));
        try (FrameServer server = FrameServer.plain(script)) {
            proxy.with(builder -> builder.target(server.uri())
                    .targetHttpVersion(TargetHttpVersion.HTTP_2)
                    .tracePropagation(received -> received.traceparent().isPresent() ? CHOSEN : CLIENTS));
            RawClient client = proxy.connect();

            client.send("GET /1 HTTP/1.1\r\nHost: x\r\nTraceparent: " + CLIENTS + "\r\nX-Last: 1\r\n\r\n")
                    .readResponse();
            client.send("GET /2 HTTP/1.1\r\nHost: x\r\nX-Last: 1\r\n\r\n").readResponse();

            assertThat(script.take().request().getHttpFields())
                    .extracting(field -> field.getLowerCaseName() + ": " + field.getValue())
                    .containsExactly("traceparent: " + CHOSEN, "x-last: 1");
            assertThat(script.take().request().getHttpFields())
                    .extracting(field -> field.getLowerCaseName() + ": " + field.getValue())
                    .containsExactly("x-last: 1", "traceparent: " + CLIENTS);
            proxy.proxy().close();
        }
    }
}
