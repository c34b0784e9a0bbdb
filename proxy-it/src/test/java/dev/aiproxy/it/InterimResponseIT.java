package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.Outcome;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Responses before the response: early hints, processing, and the permission to send a body. */
@ParameterizedClass
@EnumSource(names = {"TCP", "TCP_TO_HTTP_2"})
final class InterimResponseIT {
    private static final String EXPECTING =
            "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private final String link;

    InterimResponseIT(Transport transport) {
        transport.of(proxy);
        link = transport.isToHttp2() ? "link" : "Link";
    }

    @Test
    void forwardsEarlyHintsWithTheirFields() throws IOException {
        Gate gate = Gate.named("final response");
        proxy.upstream()
                .enqueue(Answers.interim(
                        List.of(
                                Step.head("HTTP/1.1 103 Early Hints", "Link: </a.css>; rel=preload", "Link: </b.js>"),
                                Step.await(gate)),
                        Answers.ok()));

        RawClient client = proxy.get("/");

        MessageHead hints = client.readHead();
        assertThat(hints.status()).isEqualTo(103);
        assertThat(hints.fieldLines()).containsExactly(link + ": </a.css>; rel=preload", link + ": </b.js>");
        gate.open();
        assertThat(client.readResponse().text()).isEqualTo("{\"ok\":true}");
    }

    @Test
    void forwardsSeveralInterimResponsesInOrder() throws IOException {
        proxy.upstream()
                .enqueue(Answers.interim(
                        List.of(
                                Step.head("HTTP/1.1 102 Processing"),
                                Step.head("HTTP/1.1 103 Early Hints", "Link: </a>"),
                                Step.head("HTTP/1.1 102 Processing"),
                                Step.head("HTTP/1.1 103 Early Hints", "Link: </b>")),
                        Answers.ok()));

        RawClient client = proxy.get("/");

        assertThat(client.readHead().status()).isEqualTo(102);
        assertThat(client.readHead().value("Link")).contains("</a>");
        assertThat(client.readHead().status()).isEqualTo(102);
        assertThat(client.readHead().value("Link")).contains("</b>");
        assertThat(client.readHead().status()).isEqualTo(200);
    }

    @Test
    void completesAfterA100NobodyAskedFor() throws IOException {
        proxy.upstream().enqueue(Answers.interim(List.of(Step.head("HTTP/1.1 100 Continue")), Answers.ok()));

        RawResponse response = proxy.get("/").readResponse();

        assertThat(response.text()).isEqualTo("{\"ok\":true}");
        proxy.expectEnd(Outcome.COMPLETED);
    }

    @Test
    void keepsInterimResponsesFromClientsThatCannotKnowThem() throws IOException {
        proxy.upstream().enqueue(Answers.interim(List.of(Step.head("HTTP/1.1 103 Early Hints")), Answers.ok()));

        // RFC 9110 §15.2: a server must not send a 1xx to an HTTP/1.0 client.
        MessageHead head = proxy.connect().send("GET / HTTP/1.0\r\n\r\n").readHead();

        assertThat(head.status()).isEqualTo(200);
    }

    @Test
    void letsTheClientSendItsBodyWhenTheUpstreamSaysContinue() throws IOException {
        proxy.upstream()
                .enqueue(Script.of(Step.head("HTTP/1.1 100 Continue"))
                        .then(Answers.ok().steps()));

        RawClient client = proxy.connect().send(EXPECTING);
        assertThat(client.readHead().startLine()).isEqualTo("HTTP/1.1 100 Continue");
        client.send("body");

        assertThat(client.readHead().status()).isEqualTo(200);
        assertThat(proxy.upstream().takeRequest().body()).isEqualTo("body");
    }

    @Test
    void asksForTheBodyWhenTheUpstreamNeverSaysContinue() throws IOException {
        proxy.upstream().enqueue(Answers.ok());

        RawClient client = proxy.connect().send(EXPECTING);
        // RFC 9110 §10.1.1: the client may send its body without waiting; most do after a second.
        client.send("body");

        assertThat(client.readResponse().status()).isEqualTo(200);
        assertThat(proxy.upstream().takeRequest().body()).isEqualTo("body");
    }

    @Test
    void forwardsARefusalInsteadOfContinue() throws IOException {
        for (int status : new int[] {417, 401}) {
            proxy.upstream().enqueue(Answers.early(status, "{}").then(new Step.Fin()));

            RawClient client = proxy.connect().send(EXPECTING);

            MessageHead head = client.readHead();
            if (head.status() == 100) {
                client.send("body");
                head = client.readHead();
            }
            assertThat(head.status()).isEqualTo(status);
        }
    }
}
