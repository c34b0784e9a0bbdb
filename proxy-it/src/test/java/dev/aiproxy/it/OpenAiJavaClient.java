package dev.aiproxy.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.ObjectMappers;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import java.net.Proxy;
import java.net.URI;

/** OpenAI's SDK for Java, which calls through OkHttp. */
final class OpenAiJavaClient implements SdkClient {
    private static final String MODEL = "gpt-5-mini";
    private static final String QUESTION = "What does the river say?";

    private final VendorApi api;

    /** Calls the chat or the responses API. */
    OpenAiJavaClient(VendorApi api) {
        this.api = api;
    }

    @Override
    public VendorApi api() {
        return api;
    }

    @Override
    public StreamedCall stream(URI proxy) {
        OpenAIClient client = client(proxy);
        StreamResponse<?> response = isChat()
                ? client.chat().completions().createStreaming(chat())
                : client.responses().createStreaming(ask());
        return new IteratedCall(response.stream(), ObjectMappers.jsonMapper(), response::close, client::close);
    }

    @Override
    public JsonNode call(URI proxy) {
        OpenAIClient client = client(proxy);
        try {
            Object answer = isChat()
                    ? client.chat().completions().create(chat())
                    : client.responses().create(ask());
            return Json.of(answer, ObjectMappers.jsonMapper());
        } catch (OpenAIServiceException raised) {
            JsonNode error = Json.of(raised.body(), ObjectMappers.jsonMapper());
            throw new RaisedError(raised.getClass().getSimpleName(), raised.statusCode(), error);
        } finally {
            client.close();
        }
    }

    private boolean isChat() {
        return api == VendorApi.OPENAI_CHAT;
    }

    private static OpenAIClient client(URI proxy) {
        OpenAIOkHttpClient.Builder builder = OpenAIOkHttpClient.builder()
                .baseUrl(proxy + "/v1")
                .apiKey("sk-none")
                .proxy(Proxy.NO_PROXY)
                .maxRetries(0);
        if (proxy.getScheme().equals("https")) {
            TestCertificates certificates = TestCertificates.get();
            builder.sslSocketFactory(certificates.trustingClient().getSocketFactory())
                    .trustManager(certificates.trust());
        }
        return builder.build();
    }

    private static ChatCompletionCreateParams chat() {
        return ChatCompletionCreateParams.builder()
                .model(MODEL)
                .addUserMessage(QUESTION)
                .build();
    }

    private static ResponseCreateParams ask() {
        return ResponseCreateParams.builder().model(MODEL).input(QUESTION).build();
    }

    @Override
    public String errorType(int status) {
        return status == 401 ? "UnauthorizedException" : "RateLimitException";
    }

    @Override
    public String toString() {
        return "openai-java, " + api.path();
    }
}
