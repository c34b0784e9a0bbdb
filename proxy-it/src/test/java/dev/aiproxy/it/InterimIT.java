package dev.aiproxy.it;

import static dev.aiproxy.it.Promptness.assertPrompt;
import static dev.aiproxy.it.ProxyErrors.assertProxyError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes before an answer, and answers that come before their question is complete. */
@ParameterizedClass
@EnumSource
final class InterimIT {
    private static final int UPLOAD_BYTES = 30 * 1024 * 1024;
    private static final String EXPECTING =
            "POST /upload HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    InterimIT(Transport transport) {
        transport.of(proxy);
    }

    @ParameterizedTest
    @ValueSource(strings = {"200-ok", "tokens=5", "100-continue, other"})
    void answers417ToAnyOtherExpectation(String expectation) throws IOException {
        RawClient client = proxy.connect()
                .send("POST / HTTP/1.1\r\nHost: x\r\nExpect: " + expectation + "\r\nContent-Length: 2\r\n\r\n{}");

        assertProxyError(client.readResponse(), 417, "expectation_failed");
        assertThat(proxy.upstream().connections()).isEmpty();
        proxy.expectEnd(Outcome.REFUSED);
    }

    @Test
    void takesTheExpectationInAnyCase() throws IOException {
        proxy.upstream()
                .enqueue(Script.of(Step.head("HTTP/1.1 100 Continue"))
                        .then(Answers.ok().steps()));

        RawClient client = proxy.connect().send(EXPECTING.replace("100-continue", "100-Continue"));

        assertThat(client.readHead().status()).isEqualTo(100);
        assertThat(client.send("body").readHead().status()).isEqualTo(200);
    }

    @Test
    void forwardsFiftyInterimResponsesAndTheAnswer() throws IOException {
        List<Step> hints = IntStream.range(0, 50)
                .mapToObj(number -> Step.head("HTTP/1.1 103 Early Hints", "Link: </" + number + ">"))
                .toList();
        proxy.upstream().enqueue(Answers.interim(hints, Answers.ok()));

        RawClient client = proxy.connect().send(proxy.postRequest("/", "{}"));

        for (int number = 0; number < 50; number++) {
            assertThat(client.readHead().value("Link")).contains("</" + number + ">");
        }
        assertThat(client.readResponse().text()).isEqualTo("{\"ok\":true}");
    }

    @Test
    void givesThePermissionItselfWhenTheUpstreamNeverDoes() throws IOException {
        proxy.upstream().enqueue(Answers.ok());
        RawClient client = proxy.connect().send(EXPECTING);
        long askedAtNanos = System.nanoTime();

        assertThat(client.readHead().status()).isEqualTo(100);

        assertPrompt(askedAtNanos, Duration.ofSeconds(3));
        assertThat(client.send("body").readHead().status()).isEqualTo(200);
        assertThat(proxy.upstream().takeRequest().body()).isEqualTo("body");
    }

    /** RFC 9110 §10.1.1: who has asked for permission need not wait for it, and the upstream need not give it. */
    @Test
    void sendsABodyOnThatHasNotWaitedForPermission() throws IOException {
        proxy.upstream().enqueue(Answers.ok(), Answers.ok());
        RawClient client = proxy.connect();
        long askedAtNanos = System.nanoTime();

        client.send(EXPECTING + "body" + proxy.getRequest("/next"));

        assertThat(client.readResponse().status()).isEqualTo(200);
        assertPrompt(askedAtNanos, Duration.ofMillis(700));
        assertThat(proxy.upstream().takeRequest().body()).isEqualTo("body");
        assertThat(client.readResponse().status()).isEqualTo(200);
    }

    /** RFC 9110 §10.1.1: it counts for nothing there. */
    @Test
    void waitsForNoPermissionInHttp10() throws IOException {
        proxy.upstream().enqueue(Answers.ok());
        RawClient client = proxy.connect();
        long askedAtNanos = System.nanoTime();

        client.send(EXPECTING.replace("HTTP/1.1", "HTTP/1.0"));
        proxy.upstream().takeRequest();

        assertPrompt(askedAtNanos, Duration.ofMillis(700));
        assertThat(client.send("body").readHead().status()).isEqualTo(200);
    }

    @Test
    void announcesTheEndOfAConnectionWhoseClientExpectsInVain() throws IOException {
        proxy.upstream().enqueue(Answers.ok());
        RawClient client = proxy.connect().send("GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n");

        RawResponse response = client.readResponse();

        assertThat(response.head().value("Connection")).contains("close");
        assertThat(client.readToEnd()).isEqualTo(Ending.FIN);
    }

    @Test
    void keepsTheNextRequestApartFromABodyThatWasNeverSent() throws IOException {
        proxy.upstream().enqueue(Answers.early(401, "{}").then(new Step.Fin()), Answers.ok());
        RawClient client = proxy.connect().send(EXPECTING);
        MessageHead head = client.readHead();
        assertThat(head.status()).isEqualTo(401);
        client.readRestOf(head);

        client.send("GET /");

        assertThat(proxy.upstream().requests()).hasSize(1);
        assertThat(proxy.upstream().requests().get(0).target()).isEqualTo("/upload");
    }

    @ParameterizedTest
    @ValueSource(strings = {"FIN", "OPEN"})
    void keepsAnEarlyAnswerForAClientThatReadsItLast(String upstreamEnds) throws Exception {
        Script early = Answers.early(429, "{\"error\":\"slow down\"}");
        proxy.upstream().enqueue(upstreamEnds.equals("FIN") ? early.then(new Step.HalfClose()) : early);
        RawClient client = proxy.connect();

        CompletableFuture<Void> upload = Background.run(
                () -> client.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: " + UPLOAD_BYTES + "\r\n\r\n")
                        .send(Pattern.bytes(UPLOAD_BYTES)));
        upload.get(20, TimeUnit.SECONDS);

        RawResponse response = client.readResponse();
        assertThat(response.status()).isEqualTo(429);
        assertThat(response.text()).isEqualTo("{\"error\":\"slow down\"}");
        proxy.expectEnd(Outcome.COMPLETED);
    }
}
