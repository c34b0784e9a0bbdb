package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.AiAnswer;
import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ExchangeProgress;
import dev.aiproxy.Outcome;
import dev.aiproxy.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What can be told of an answer that passes: which model, how many tokens, and whether it was whole. */
@ParameterizedClass
@EnumSource
final class AnswerIT {
    private static final String TOKEN = "data: {\"model\":\"m-1\",\"choices\":[{\"delta\":{\"content\":\"t\"}}]}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    AnswerIT(Transport transport) {
        transport.of(proxy);
    }

    private static Script stream(String... events) {
        return Answers.eventHead()
                .then(List.of(events).stream().map(Step::chunk).toList());
    }

    private ExchangeEnd end() {
        return proxy.listener().awaitEnd(1);
    }

    @Test
    void tellsOfAWholeStream() throws IOException {
        Gate gate = Gate.named("next event");
        gate.openForGood();
        proxy.upstream().enqueue(VendorApi.OPENAI_CHAT.gatedStream(gate));

        proxy.get("/v1/chat/completions").readResponse();

        ExchangeEnd end = proxy.expectEnd(Outcome.COMPLETED);
        AiAnswer answer = end.answer().orElseThrow();
        assertThat(end.verdict()).contains(Verdict.COMPLETE);
        assertThat(answer.streamed()).isTrue();
        assertThat(answer.model()).contains("gpt-5-mini-2025-08-07");
        assertThat(answer.inputTokens()).contains(11L);
        assertThat(answer.outputTokens()).contains(5L);
        assertThat(answer.tokenEvents()).isEqualTo(5);
        assertThat(answer.gaps().count()).isEqualTo(4);
        long id = end.exchange().id();
        assertThat(proxy.listener().events())
                .containsExactly(
                        id + " request",
                        id + " response 200",
                        id + " first byte",
                        id + " first token",
                        id + " end COMPLETED");
    }

    @Test
    void tellsOfAWholeBody() throws IOException {
        proxy.upstream().enqueue(VendorApi.ANTHROPIC_MESSAGES.answer());

        proxy.get("/v1/messages").readResponse();

        ExchangeEnd end = proxy.expectEnd(Outcome.COMPLETED);
        AiAnswer answer = end.answer().orElseThrow();
        assertThat(end.verdict()).contains(Verdict.COMPLETE);
        assertThat(answer.streamed()).isFalse();
        assertThat(answer.inputTokens()).contains(14L);
        assertThat(answer.timeToFirstToken()).isEmpty();
        assertThat(proxy.listener().events()).noneMatch(event -> event.endsWith("first token"));
    }

    @Test
    void tellsThatTheUpstreamCutTheStream() throws IOException {
        Gate gate = Gate.named("cut");
        proxy.upstream().enqueue(stream(TOKEN, TOKEN).then(Step.await(gate), new Step.Reset()));

        RawClient client = proxy.get("/v1/chat/completions");
        client.readHead();
        client.readChunk();
        client.readChunk();
        Eventually.await("both tokens to be counted", () -> tokensInFlight() == 2);
        gate.open();
        client.readToEnd();

        ExchangeEnd end = proxy.expectEnd(Outcome.UPSTREAM_CUT);
        assertThat(end.verdict()).contains(Verdict.UPSTREAM_CUT);
        assertThat(end.answer().orElseThrow().tokenEvents()).isEqualTo(2);
    }

    @Test
    void tellsThatTheClientLeftInTheMiddle() throws IOException {
        proxy.upstream().enqueue(stream(TOKEN).then(new Step.Never()));

        RawClient client = proxy.get("/v1/chat/completions");
        client.readHead();
        client.readChunk();
        Eventually.await("the token to be counted", () -> tokensInFlight() == 1);
        client.close();

        ExchangeEnd end = proxy.expectEnd(Outcome.CLIENT_GONE);
        assertThat(end.verdict()).contains(Verdict.CLIENT_GONE);
        assertThat(end.answer().orElseThrow().model()).contains("m-1");
    }

    /** Many clients close as soon as they have seen the last event. */
    @Test
    void takesAnAnswerForWholeWhoseClientLeftBehindTheLastEvent() throws IOException {
        Gate gate = Gate.named("what nobody needs");
        proxy.upstream().enqueue(stream(TOKEN, DONE).then(Step.await(gate), Step.chunk(": bye\n\n"), new Step.Never()));

        RawClient client = proxy.get("/v1/chat/completions");
        client.readHead();
        client.readChunk();
        client.readChunk();
        gate.open();
        client.readChunk();
        client.close();

        assertThat(proxy.expectEnd(Outcome.CLIENT_GONE).verdict()).contains(Verdict.COMPLETE);
    }

    @Test
    void tellsThatTheStreamStoodStillForTooLong() throws IOException {
        proxy.with(builder -> builder.streamIdleTimeout(Duration.ofMillis(800)));
        proxy.upstream().enqueue(stream(TOKEN).then(new Step.Never()));

        RawClient client = proxy.get("/v1/chat/completions");
        client.readHead();
        client.readChunk();
        client.readToEnd();

        ExchangeEnd end = proxy.expectEnd(Outcome.TIMED_OUT);
        assertThat(end.verdict()).contains(Verdict.TIMEOUT);
        assertThat(end.timeToLastByte().orElseThrow())
                .isLessThanOrEqualTo(end.duration().minusMillis(400));
    }

    @Test
    void tellsThatTheProxyWasStopped() throws IOException {
        proxy.upstream().enqueue(stream(TOKEN).then(new Step.Never()));

        RawClient client = proxy.get("/v1/chat/completions");
        client.readHead();
        client.readChunk();
        proxy.proxy().close();

        assertThat(proxy.expectEnd(Outcome.SHUT_DOWN).verdict()).contains(Verdict.SHUT_DOWN);
    }

    /** Transport and client take it for a whole answer, and only its last event is missing. */
    @Test
    void tellsThatTheLastEventNeverCame() throws IOException {
        proxy.upstream().enqueue(stream(TOKEN, TOKEN).then(Step.lastChunk()));

        proxy.get("/v1/chat/completions").readResponse();

        assertThat(proxy.expectEnd(Outcome.COMPLETED).verdict()).contains(Verdict.NO_TERMINAL_EVENT);
    }

    @Test
    void saysNothingOfWhatIsNoAnswer() throws IOException {
        proxy.upstream().enqueue(Answers.ok());

        proxy.get("/v1/models").readResponse();

        ExchangeEnd end = proxy.expectEnd(Outcome.COMPLETED);
        assertThat(end.answer()).isEmpty();
        assertThat(end.verdict()).isEmpty();
    }

    @Test
    void leavesACompressedStreamUnread() throws IOException {
        proxy.upstream()
                .enqueue(Answers.message(
                        "HTTP/1.1 200 OK", TOKEN, "Content-Type: text/event-stream", "Content-Encoding: gzip"));

        assertThat(proxy.get("/v1/chat/completions").readResponse().text()).isEqualTo(TOKEN);

        assertThat(proxy.expectEnd(Outcome.COMPLETED).answer()).isEmpty();
    }

    @Test
    void saysNothingOfAnErrorOfItsOwn() throws IOException {
        proxy.upstream().enqueue(Script.of(new Step.ReadBody(), new Step.Fin()));

        proxy.get("/v1/chat/completions").readResponse();

        ExchangeEnd end = proxy.expectEnd(Outcome.UPSTREAM_FAILED);
        assertThat(end.answer()).isEmpty();
        assertThat(end.verdict()).isEmpty();
    }

    @Test
    void looksAtNothingWhenSwitchedOff() throws IOException {
        proxy.with(builder -> builder.aiInsight(false));
        proxy.upstream().enqueue(stream(TOKEN, DONE).then(Step.lastChunk()));

        String seen = proxy.get("/v1/chat/completions").readResponse().text();

        assertThat(seen).isEqualTo(TOKEN + DONE);
        assertThat(proxy.expectEnd(Outcome.COMPLETED).answer()).isEmpty();
        assertThat(proxy.listener().events()).noneMatch(event -> event.endsWith("first token"));
    }

    @Test
    void tellsOfAStreamInFlight() throws IOException {
        proxy.upstream().enqueue(stream(TOKEN, TOKEN).then(new Step.Never()));
        RawClient client = proxy.get("/v1/chat/completions");
        client.readHead();
        client.readChunk();
        client.readChunk();

        Eventually.await("both tokens to be counted", () -> tokensInFlight() == 2);
        ExchangeProgress progress = proxy.proxy().progress().get(0);

        assertThat(progress.exchange().path()).isEqualTo("/v1/chat/completions");
        assertThat(progress.status()).contains(200);
        assertThat(progress.responseBytes()).isEqualTo(2 * TOKEN.length());
        assertThat(progress.answer().orElseThrow().model()).contains("m-1");
        assertThat(progress.timeToLastByte().orElseThrow()).isLessThanOrEqualTo(progress.age());
        client.close();
        proxy.expectEnd(Outcome.CLIENT_GONE);
        Eventually.await(
                "nothing to be in flight", () -> proxy.proxy().progress().isEmpty());
    }

    private long tokensInFlight() {
        return proxy.proxy().progress().stream()
                .flatMap(progress -> progress.answer().stream())
                .mapToLong(AiAnswer::tokenEvents)
                .sum();
    }

    @Test
    void tellsTimesInTheirOrder() throws IOException {
        proxy.upstream().enqueue(stream(TOKEN, DONE).then(Step.lastChunk()));

        proxy.get("/v1/chat/completions").readResponse();

        ExchangeEnd end = proxy.expectEnd(Outcome.COMPLETED);
        Duration connected =
                end.queueTime().orElseThrow().plus(end.connectTime().orElseThrow());
        assertThat(List.of(
                        end.queueTime().orElseThrow(),
                        connected,
                        end.timeToResponse().orElseThrow(),
                        end.timeToFirstByte().orElseThrow(),
                        end.timeToLastByte().orElseThrow(),
                        end.duration()))
                .isSorted()
                .allMatch(time -> !time.isNegative());
        assertThat(end.answer().orElseThrow().timeToFirstToken().orElseThrow())
                .isBetween(
                        end.timeToFirstByte().orElseThrow(),
                        end.timeToLastByte().orElseThrow());
    }

    @Test
    void tellsWhatTheUpstreamCallsTheRequest() throws IOException {
        proxy.upstream().enqueue(Answers.message("HTTP/1.1 200 OK", "{}", "request-id: req_2", "X-Request-Id: req_1"));

        proxy.get("/").readResponse();

        assertThat(end().requestId()).contains("req_1");
    }

    @Test
    void tellsWhatAnthropicCallsTheRequest() throws IOException {
        proxy.upstream()
                .enqueue(Answers.message("HTTP/1.1 529 Overloaded", "{}", "request-id: req_011CSHoEeqs5C35K2UUqR7Fy"));

        proxy.get("/").readResponse();

        assertThat(end().requestId()).contains("req_011CSHoEeqs5C35K2UUqR7Fy");
    }

    /** A client may send one, too; it is the upstream's that counts. */
    @Test
    void hasNoNameForARequestThatTheUpstreamHasNone() throws IOException {
        proxy.upstream().enqueue(Answers.ok());

        proxy.connect()
                .send("GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: mine\r\n\r\n")
                .readResponse();

        assertThat(end().requestId()).isEmpty();
    }
}
