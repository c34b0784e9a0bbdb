package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.it.RawResponse.Integrity;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections live as long as the client's version of HTTP and its wishes say. */
@ParameterizedClass
@EnumSource(names = {"TCP", "TLS"})
final class ClientConnectionIT {

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    ClientConnectionIT(Transport transport) {
        transport.of(proxy);
    }

    @Test
    void answersManyRequestsOnOneConnection() throws IOException {
        proxy.upstream().answer(request -> Answers.message("HTTP/1.1 200 OK", request.target()));
        RawClient client = proxy.connect();

        for (int number = 0; number < 100; number++) {
            client.send(number % 2 == 0 ? proxy.getRequest("/" + number) : proxy.postRequest("/" + number, "{}"));
            assertThat(client.readResponse().text()).isEqualTo("/" + number);
        }

        assertThat(proxy.upstream().connections()).hasSizeLessThan(5);
    }

    @Test
    void answersPipelinedRequestsInOrder() throws IOException {
        proxy.upstream().answer(request -> Answers.message("HTTP/1.1 200 OK", request.target()));

        RawClient client =
                proxy.connect().send(proxy.getRequest("/1") + proxy.postRequest("/2", "{}") + proxy.getRequest("/3"));

        assertThat(client.readResponse().text()).isEqualTo("/1");
        assertThat(client.readResponse().text()).isEqualTo("/2");
        assertThat(client.readResponse().text()).isEqualTo("/3");
    }

    @Test
    void losesNoByteOfRequestsThatRaceWithResponses() throws IOException {
        int requests = 500;
        AtomicInteger number = new AtomicInteger();
        proxy.upstream().answer(request -> Answers.message("HTTP/1.1 200 OK", request.target()));
        RawClient client = proxy.connect().send(proxy.getRequest("/0"));

        for (int sent = 1; sent <= requests; sent++) {
            // One request is always under way while the response to the one before is.
            client.send(sent % 3 == 0 ? proxy.postRequest("/" + sent, "{}") : proxy.getRequest("/" + sent));
            assertThat(client.readResponse().text()).isEqualTo("/" + number.getAndIncrement());
        }

        assertThat(client.readResponse().text()).isEqualTo("/" + requests);
    }

    @Test
    void closesWhenTheClientAsksTo() throws IOException {
        proxy.upstream().enqueue(Answers.ok());

        RawClient client = proxy.connect().send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        RawResponse response = client.readResponse();
        assertThat(response.text()).isEqualTo("{\"ok\":true}");
        assertThat(response.head().values("Connection")).containsExactly("close");
        assertThat(client.readToEnd()).isEqualTo(Ending.FIN);
    }

    @Test
    void keepsStreamsChunkedForClientsThatClose() throws IOException {
        proxy.upstream().enqueue(Answers.events(3));

        RawResponse response = proxy.connect()
                .send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                .readResponse();

        assertThat(response.head().values("Transfer-Encoding")).containsExactly("chunked");
        assertThat(response.integrity()).isEqualTo(Integrity.WHOLE);
    }

    @Test
    void streamsToAnHttp10ClientUntilTheConnectionEnds() throws IOException {
        proxy.upstream().enqueue(Answers.events(2));

        RawClient client = proxy.connect().send("GET / HTTP/1.0\r\n\r\n");

        RawResponse response = client.readResponse();
        assertThat(response.head().values("Transfer-Encoding")).isEmpty();
        assertThat(response.text()).isEqualTo(Answers.event(1) + Answers.event(2));
        assertThat(response.integrity()).isEqualTo(Integrity.WHOLE);
    }

    @Test
    void closesAfterAnAnswerToAnHttp10Client() throws IOException {
        proxy.upstream().enqueue(Answers.ok());

        RawClient client = proxy.connect().send("GET / HTTP/1.0\r\nHost: x\r\n\r\n");

        assertThat(client.readResponse().text()).isEqualTo("{\"ok\":true}");
        assertThat(client.readToEnd()).isEqualTo(Ending.FIN);
    }

    @Test
    void keepsTheConnectionOfAnHttp10ClientThatAsksTo() throws IOException {
        proxy.upstream().enqueue(Answers.ok(), Answers.ok());
        String request = "GET / HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n";

        RawClient client = proxy.connect().send(request);

        RawResponse response = client.readResponse();
        assertThat(response.head().values("Connection")).containsExactly("keep-alive");
        assertThat(client.send(request).readResponse().status()).isEqualTo(200);
    }

    @Test
    void speaksHttp11ToTheUpstreamForAnHttp10Client() throws IOException {
        proxy.upstream().enqueue(Answers.ok());

        proxy.connect().send("GET /old HTTP/1.0\r\n\r\n").readResponse();

        MessageHead head = proxy.upstream().takeRequest().head();
        assertThat(head.startLine()).isEqualTo("GET /old HTTP/1.1");
        assertThat(head.values("Host")).containsExactly(proxy.upstream().authority());
    }
}
