package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ExchangeListener;
import dev.aiproxy.Outcome;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Listeners learn the facts, in order, and can do no harm. */
final class ExchangeListenerIT {

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    /** Fails at everything. */
    private static final class Throwing implements ExchangeListener {
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
        public void onEnd(ExchangeEnd end) {
            throw new IllegalStateException("end");
        }
    }

    @Test
    void hearsOfEachStageInOrder() throws IOException {
        proxy.upstream().enqueue(Answers.events(3));

        proxy.get("/v1/stream").readResponse();

        ExchangeEnd end = proxy.expectEnd(Outcome.COMPLETED);
        long id = end.exchange().id();
        assertThat(proxy.listener().events())
                .containsExactly(id + " request", id + " response 200", id + " first byte", id + " end COMPLETED");
    }

    @Test
    void hearsFactsButNoCredentials() throws IOException {
        proxy.upstream().enqueue(Answers.message("HTTP/1.1 201 Created", "four"));

        proxy.connect()
                .send("POST /v1/x?key=secret&a=b HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret\r\n"
                        + "Content-Length: 3\r\n\r\nabc")
                .readResponse();

        ExchangeEnd end = proxy.expectEnd(Outcome.COMPLETED);
        Exchange exchange = end.exchange();
        assertThat(List.of(exchange.client(), exchange.method(), exchange.path(), exchange.query()))
                .containsExactly("127.0.0.1", "POST", "/v1/x", "?key=&a=");
        assertThat(end.status()).contains(201);
        assertThat(end.errorCode()).isEmpty();
        assertThat(end.requestBytes()).isEqualTo(3);
        assertThat(end.responseBytes()).isEqualTo(4);
        assertThat(end.timeToResponse().orElseThrow())
                .isLessThanOrEqualTo(end.timeToFirstByte().orElseThrow());
        assertThat(end.timeToFirstByte().orElseThrow()).isLessThanOrEqualTo(end.duration());
        assertThat(end.toString()).doesNotContain("secret");
    }

    @Test
    void hearsOfNoFirstByteWhenThereIsNone() throws IOException {
        proxy.upstream().enqueue(Answers.headOnly("HTTP/1.1 204 No Content"));

        proxy.get("/").readHead();

        ExchangeEnd end = proxy.expectEnd(Outcome.COMPLETED);
        assertThat(end.timeToFirstByte()).isEmpty();
        assertThat(proxy.listener().events()).noneMatch(event -> event.endsWith("first byte"));
    }

    @Test
    void hearsWhatTheProxyHasAddedToTheFirstPiece() throws IOException {
        proxy.upstream().enqueue(Answers.events(3));

        proxy.get("/v1/stream").readResponse();

        ExchangeEnd end = proxy.expectEnd(Outcome.COMPLETED);
        assertThat(end.relayTime().orElseThrow())
                .isPositive()
                .isLessThan(end.duration().minus(end.timeToFirstByte().orElseThrow()));
    }

    @Test
    void hearsOfNoSuchTimeWhereTheProxyAnswersItself() throws IOException {
        proxy.get("http://elsewhere.example/").readResponse();

        assertThat(proxy.expectEnd(Outcome.REFUSED).relayTime()).isEmpty();
    }

    @Test
    void doesNoHarmWhenItThrows() throws IOException {
        proxy.with(builder -> builder.listener(new Throwing()));
        proxy.upstream().enqueue(Answers.events(2), Answers.ok());
        RawClient client = proxy.get("/v1/stream");

        assertThat(client.readResponse().text()).isEqualTo(Answers.event(1) + Answers.event(2));
        assertThat(client.send(proxy.getRequest("/")).readResponse().status()).isEqualTo(200);
    }
}
