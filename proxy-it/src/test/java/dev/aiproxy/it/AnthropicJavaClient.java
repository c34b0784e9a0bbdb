package dev.aiproxy.it;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.ObjectMappers;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.Proxy;
import java.net.URI;

/** Anthropic's SDK for Java, which calls through OkHttp. */
final class AnthropicJavaClient implements SdkClient {

    @Override
    public VendorApi api() {
        return VendorApi.ANTHROPIC_MESSAGES;
    }

    @Override
    public StreamedCall stream(URI proxy) {
        AnthropicClient client = client(proxy);
        StreamResponse<RawMessageStreamEvent> response = client.messages().createStreaming(message());
        return new IteratedCall(response.stream(), ObjectMappers.jsonMapper(), response::close, client::close);
    }

    @Override
    public JsonNode call(URI proxy) {
        AnthropicClient client = client(proxy);
        try {
            return Json.of(client.messages().create(message()), ObjectMappers.jsonMapper());
        } catch (AnthropicServiceException raised) {
            JsonNode body = Json.of(raised.body(), ObjectMappers.jsonMapper());
            throw new RaisedError(raised.getClass().getSimpleName(), raised.statusCode(), body.get("error"));
        } finally {
            client.close();
        }
    }

    private static AnthropicClient client(URI proxy) {
        AnthropicOkHttpClient.Builder builder = AnthropicOkHttpClient.builder()
                .baseUrl(proxy.toString())
                .apiKey("sk-ant-none")
                .proxy(Proxy.NO_PROXY)
                .maxRetries(0);
        if (proxy.getScheme().equals("https")) {
            TestCertificates certificates = TestCertificates.get();
            builder.sslSocketFactory(certificates.trustingClient().getSocketFactory())
                    .trustManager(certificates.trust());
        }
        return builder.build();
    }

    private static MessageCreateParams message() {
        return MessageCreateParams.builder()
                .model("claude-haiku-4-5")
                .maxTokens(64)
                .addUserMessage("What does the river say?")
                .build();
    }

    @Override
    public String errorType(int status) {
        return status == 401 ? "UnauthorizedException" : "RateLimitException";
    }

    @Override
    public String toString() {
        return "anthropic-java";
    }
}
