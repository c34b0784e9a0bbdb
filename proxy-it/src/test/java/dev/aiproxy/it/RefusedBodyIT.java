package dev.aiproxy.it;

import static dev.aiproxy.it.ProxyErrors.assertProxyError;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The body of a request that is refused is no request of its own. */
final class RefusedBodyIT {
    private static final int ROUNDS = 300;
    private static final int UPLOAD_BYTES = 400_000;

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    @BeforeEach
    void fillTheOnlyPlace() throws IOException {
        proxy.with(builder -> builder.maxStreams(1));
        proxy.upstream().answer(request -> Answers.eventHead().then(new Step.Never()));
        proxy.get("/only").readHead();
    }

    @Test
    void keepsSmallRefusedBodiesApartFromTheNextRequest() throws IOException {
        RawClient client = proxy.connect();

        for (int round = 0; round < ROUNDS; round++) {
            RawResponse response = client.send(proxy.postRequest("/" + round, "GET /smuggled HTTP/1.1\r\n\r\n"))
                    .readResponse();
            assertProxyError(response, 503, "too_many_streams");
        }

        assertThat(proxy.upstream().requests()).hasSize(1);
    }

    @Test
    void answersUploadsThatItRefuses() throws Exception {
        for (int round = 0; round < 20; round++) {
            RawClient client = proxy.connect();
            assertProxyError(client.send(proxy.postRequest("/", "{}")).readResponse(), 503, "too_many_streams");
            CompletableFuture<Void> sending =
                    Background.run(() -> client.send(proxy.postRequest("/upload", "x".repeat(UPLOAD_BYTES))));

            assertProxyError(client.readResponse(), 503, "too_many_streams");

            sending.exceptionally(cut -> null).get(10, TimeUnit.SECONDS);
            client.close();
        }
    }
}
