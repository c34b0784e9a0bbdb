package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DemoUpstreamTest {

    private DemoUpstream upstream;

    @BeforeEach
    void start() throws IOException {
        upstream = DemoUpstream.start();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    @Test
    void sendsEachTokenWhenItIsWritten() throws IOException, InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        boolean spaced = new DemoCall(new PrintStream(out, true, StandardCharsets.UTF_8)).make(upstream.uri());

        assertThat(spaced).isTrue();
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .hasSize(DemoModel.TOKENS.size() + 1)
                .first()
                .asString()
                .matches("\\+ +\\d+ ms  Hello");
    }

    @Test
    void endsAStreamWithUsageIfAskedAndDone() throws IOException, InterruptedException {
        List<String> events =
                post("{\"model\":\"gpt-x\",\"stream\":true,\"stream_options\":{\"include_usage\":true},\"messages\":[]}")
                        .body()
                        .lines()
                        .filter(line -> !line.isEmpty())
                        .toList();

        assertThat(events.get(0))
                .contains("\"object\":\"chat.completion.chunk\"", "\"model\":\"gpt-x\"", "\"usage\":null");
        assertThat(events.get(events.size() - 3)).contains("\"finish_reason\":\"stop\"");
        assertThat(events.get(events.size() - 2))
                .contains(
                        "\"choices\":[]",
                        "\"usage\":{\"prompt_tokens\":8,\"completion_tokens\":13,\"total_tokens\":21}");
        assertThat(events).last().isEqualTo("data: [DONE]");
    }

    @Test
    void answersAtOnceWithoutStream() throws IOException, InterruptedException {
        HttpResponse<String> response = post("{\"model\":\"gpt-x\",\"messages\":[]}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(response.body())
                .contains("\"object\":\"chat.completion\"", "\"content\":\"Hello! Each of these words came through");
    }

    @Test
    void refusesWhatItDoesNotKnowInOpenAiShape() throws IOException, InterruptedException {
        HttpResponse<String> response =
                send(HttpRequest.newBuilder(upstream.uri().resolve("/v1/nope")));

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).startsWith("{\"error\":{\"message\":\"the demo does not know GET /v1/nope\"");
    }

    @Test
    void listsItsModel() throws IOException, InterruptedException {
        HttpResponse<String> response =
                send(HttpRequest.newBuilder(upstream.uri().resolve("/v1/models")));

        assertThat(response.body()).startsWith("{\"object\":\"list\",\"data\":[{\"id\":\"demo\",\"object\":\"model\"");
    }

    private HttpResponse<String> post(String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(upstream.uri().resolve(DemoUpstream.CHAT_PATH))
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
