package dev.aiproxy.it;

import static dev.aiproxy.it.Promptness.assertPromptEnd;
import static dev.aiproxy.it.ProxyErrors.assertProxyError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.Outcome;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nothing sent yet: the client learns at once, in a shape it can read, what is wrong with the upstream. */
final class FailureIT {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(1);

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private void expectFailure(int status, String code, Outcome outcome) throws IOException {
        assertProxyError(proxy.get("/v1/models").readResponse(), status, code);
        assertThat(proxy.expectEnd(outcome).errorCode()).contains(code);
    }

    @Test
    void answers502WhenTheUpstreamRefusesConnections() throws IOException {
        proxy.proxy();
        proxy.upstream().close();

        expectFailure(502, "upstream_connect_refused", Outcome.UPSTREAM_FAILED);
    }

    @Test
    void answers502WhenTheUpstreamsNameIsUnknown() throws IOException {
        // A label of 64 letters is no name (RFC 1035 §2.3.4), so the resolver refuses it without asking anybody.
        proxy.target(URI.create("http://" + "a".repeat(64) + ".invalid:80"));

        expectFailure(502, "upstream_unknown_host", Outcome.UPSTREAM_FAILED);
    }

    @Test
    void answers504WhenNoConnectionComesAbout() throws IOException {
        try (BlackHole hole = BlackHole.open()) {
            proxy.target(hole.uri()).with(builder -> builder.connectTimeout(SHORT));

            expectFailure(504, "upstream_connect_timeout", Outcome.TIMED_OUT);
        }
    }

    @Test
    void answers502WhenTheUpstreamClosesBeforeItsHead() throws IOException {
        proxy.upstream().enqueue(Script.of(new Step.ReadBody(), new Step.Fin()));

        expectFailure(502, "upstream_closed", Outcome.UPSTREAM_FAILED);
    }

    @Test
    void answers502WhenTheUpstreamResetsBeforeItsHead() throws IOException {
        proxy.upstream().enqueue(Script.of(new Step.ReadBody(), new Step.Reset()));

        expectFailure(502, "upstream_closed", Outcome.UPSTREAM_FAILED);
    }

    @Test
    void answers502WhenTheUpstreamClosesWithinItsHead() throws IOException {
        proxy.upstream().enqueue(Script.of(new Step.ReadBody(), Step.send("HTTP/1.1 200 OK\r\nA:"), new Step.Fin()));

        RawResponse response = proxy.get("/v1/models").readResponse();

        // Half a head is both: no valid answer, and an end that came too early.
        String code = proxy.expectEnd(Outcome.UPSTREAM_FAILED).errorCode().orElseThrow();
        assertThat(code).isIn("upstream_closed", "upstream_bad_response");
        assertProxyError(response, 502, code);
    }

    @Test
    void answers502WhenTheUpstreamSpeaksNoHttp() throws IOException {
        proxy.upstream().enqueue(Answers.garbage());

        expectFailure(502, "upstream_bad_response", Outcome.UPSTREAM_FAILED);
    }

    @Test
    void answers502WhenTheResponseHeadIsTooLarge() throws IOException {
        proxy.with(builder -> builder.maxHeaderBytes(4096));
        proxy.upstream().enqueue(Answers.message("HTTP/1.1 200 OK", "", "X-Big: " + "x".repeat(10_000)));

        expectFailure(502, "upstream_bad_response", Outcome.UPSTREAM_FAILED);
    }

    @Test
    void takesAResponseHeadOfTheSizeAllowed() throws IOException {
        String value = "x".repeat(60_000);
        proxy.upstream().enqueue(Answers.message("HTTP/1.1 200 OK", "", "X-Big: " + value));

        assertThat(proxy.get("/").readResponse().head().value("X-Big")).contains(value);
    }

    @Test
    void answers504WhenTheFirstByteTakesTooLong() throws IOException {
        proxy.with(builder -> builder.firstByteTimeout(SHORT));
        proxy.upstream().enqueue(Answers.silence());

        expectFailure(504, "upstream_first_byte_timeout", Outcome.TIMED_OUT);
        assertPromptEnd(proxy.upstream().awaitConnection(1), System.nanoTime(), SHORT);
    }

    @Test
    void countsTheFirstByteTimeoutOnlyUntilTheHead() throws IOException {
        proxy.with(builder -> builder.firstByteTimeout(SHORT));
        proxy.upstream()
                .enqueue(Answers.eventHead()
                        .then(new Step.Pause(SHORT.multipliedBy(2)), Step.chunk("late"), Step.lastChunk()));

        assertThat(proxy.get("/").readResponse().text()).isEqualTo("late");
    }

    @Test
    void answers504WhenTheExchangeIsSilentForTooLong() throws IOException {
        proxy.with(builder -> builder.streamIdleTimeout(SHORT));
        proxy.upstream().enqueue(Answers.silence());

        expectFailure(504, "upstream_idle_timeout", Outcome.TIMED_OUT);
        assertPromptEnd(proxy.upstream().awaitConnection(1), System.nanoTime(), SHORT);
    }

    @Test
    void countsSilenceNotDuration() throws IOException {
        proxy.with(builder -> builder.streamIdleTimeout(LONG));
        byte[] body = "ten pieces".getBytes();
        proxy.upstream()
                .enqueue(Answers.headOnly("HTTP/1.1 200 OK", "Content-Length: " + body.length)
                        .then(new Step.Drip(body, LONG.dividedBy(7))));

        assertThat(proxy.get("/").readResponse().text()).isEqualTo("ten pieces");
    }

    @Test
    void worksAgainAsSoonAsTheUpstreamDoes() throws IOException {
        int port = proxy.upstream().port();
        proxy.upstream().enqueue(Answers.ok());
        RawClient client = proxy.get("/before");
        client.readResponse();

        proxy.upstream().close();
        assertProxyError(client.send(proxy.getRequest("/down")).readResponse(), 502, "upstream_connect_refused");
        proxy.to(ScriptedUpstream.plain(port)).upstream().enqueue(Answers.ok());

        assertThat(client.send(proxy.getRequest("/back")).readResponse().status())
                .isEqualTo(200);
    }

    @Test
    void keepsTheClientsConnectionAfterAnError() throws IOException {
        proxy.upstream().enqueue(Script.of(new Step.ReadBody(), new Step.Fin()), Answers.ok());
        RawClient client = proxy.get("/fails");
        assertProxyError(client.readResponse(), 502, "upstream_closed");

        client.send(proxy.getRequest("/works"));

        assertThat(client.readResponse().status()).isEqualTo(200);
    }

    /** It would pass for the beginning of the next answer (RFC 9110 §9.3.2). */
    @Test
    void sendsHeadNoBodyWithAnError() throws IOException {
        proxy.upstream().enqueue(Answers.garbage(), Answers.ok());
        RawClient client = proxy.connect().send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");

        MessageHead head = client.readHead();
        RawResponse next = client.send(proxy.getRequest("/next")).readResponse();

        assertThat(head.status()).isEqualTo(502);
        assertThat(head.value("Content-Length")).isNotEmpty();
        assertThat(next.status()).isEqualTo(200);
    }

    @Test
    void forwardsAnAnswerThatComesBeforeTheUploadHasEnded() throws IOException {
        proxy.upstream().enqueue(Answers.early(429, "{\"error\":\"slow down\"}"));

        RawClient client = proxy.connect().send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\nbegin");

        RawResponse response = client.readResponse();
        assertThat(response.status()).isEqualTo(429);
        assertThat(response.text()).isEqualTo("{\"error\":\"slow down\"}");
    }

    @Test
    void meetsNoStaleConnection() throws IOException {
        proxy.upstream().answer(request -> Answers.okThenClose());
        RawClient client = proxy.connect();

        for (int number = 0; number < 30; number++) {
            assertThat(client.send(proxy.getRequest("/" + number))
                            .readResponse()
                            .status())
                    .as("request %d", number)
                    .isEqualTo(200);
        }
    }

    @Test
    void sendsNoPostTwiceThatTheUpstreamHasSeen() throws IOException {
        proxy.upstream().enqueue(Answers.ok(), Script.of(new Step.ReadBody(), new Step.Fin()), Answers.ok());
        RawClient client = proxy.connect();
        client.send(proxy.postRequest("/first", "{}")).readResponse();

        RawResponse response = client.send(proxy.postRequest("/paid", "{}")).readResponse();

        assertProxyError(response, 502, "upstream_closed");
        assertThat(proxy.upstream().requests()).hasSize(2);
    }
}
