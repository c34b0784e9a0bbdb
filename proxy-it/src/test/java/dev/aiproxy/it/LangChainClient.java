package dev.aiproxy.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/** LangChain4j, which calls through the JDK's HttpClient and shows its user the text alone. */
final class LangChainClient implements SdkClient {
    private static final String MODEL = "gpt-5-mini";
    private static final String QUESTION = "What does the river say?";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Override
    public VendorApi api() {
        return VendorApi.OPENAI_CHAT;
    }

    @Override
    public StreamedCall stream(URI proxy) {
        QueuedCall call = new QueuedCall();
        OpenAiStreamingChatModel.builder()
                .baseUrl(proxy + "/v1")
                .apiKey("sk-none")
                .modelName(MODEL)
                .build()
                .chat(QUESTION, call);
        return call;
    }

    @Override
    public JsonNode call(URI proxy) {
        try {
            return new TextNode(OpenAiChatModel.builder()
                    .baseUrl(proxy + "/v1")
                    .apiKey("sk-none")
                    .modelName(MODEL)
                    .maxRetries(0)
                    .build()
                    .chat(QUESTION));
        } catch (LangChain4jException raised) {
            if (raised.getCause() instanceof HttpException answer) {
                JsonNode error = Json.parse(answer.getMessage()).get("error");
                throw new RaisedError(raised.getClass().getSimpleName(), answer.statusCode(), error);
            }
            throw raised;
        }
    }

    @Override
    public Optional<JsonNode> shownOf(JsonNode sent) {
        JsonNode whole = sent.at("/choices/0/message/content");
        JsonNode text = whole.isMissingNode() ? sent.at("/choices/0/delta/content") : whole;
        return Optional.of(text).filter(content -> !content.asText().isEmpty());
    }

    @Override
    public String errorType(int status) {
        return status == 401 ? "AuthenticationException" : "RateLimitException";
    }

    @Override
    public String toString() {
        return "langchain4j";
    }

    /** What the callbacks of one call bring. They come on LangChain4j's thread, the rest is called by the test's. */
    private static final class QueuedCall implements StreamedCall, StreamingChatResponseHandler {
        private final BlockingQueue<Supplier<Optional<JsonNode>>> results = new LinkedBlockingQueue<>();
        private final CompletableFuture<StreamingHandle> handle = new CompletableFuture<>();

        @Override
        public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
            handle.complete(context.streamingHandle());
            results.add(() -> Optional.of(new TextNode(partial.text())));
        }

        @Override
        public void onCompleteResponse(ChatResponse complete) {
            results.add(Optional::empty);
        }

        @Override
        public void onError(Throwable failure) {
            results.add(() -> {
                throw new AssertionError("the stream failed", failure);
            });
        }

        @Override
        public Optional<JsonNode> next() {
            Eventually.await("a callback of LangChain4j", PATIENCE, () -> !results.isEmpty());
            return results.remove().get();
        }

        @Override
        public void cancel() {
            handle.join().cancel();
        }

        @Override
        public void close() {
            if (handle.isDone()) {
                handle.join().cancel();
            }
        }
    }
}
