package dev.aiproxy.launcher;

import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts of the OpenAI API for a model that always gives the same answer, in shapes that the real SDKs accept. */
final class DemoModel {

    static final List<String> TOKENS = List.of(
            "Hello",
            "!",
            " Each",
            " of",
            " these",
            " words",
            " came",
            " through",
            " as",
            " it",
            " was",
            " written",
            ".");

    private static final String DEFAULT_NAME = "demo";
    private static final Pattern MODEL = Pattern.compile("\"model\"\\s*:\\s*\"([\\w.:/-]{1,100})\"");
    private static final Pattern STREAM = Pattern.compile("\"stream\"\\s*:\\s*true");
    private static final Pattern INCLUDE_USAGE = Pattern.compile("\"include_usage\"\\s*:\\s*true");
    private static final int PROMPT_TOKENS = 8;

    private DemoModel() {}

    static boolean wantsStream(String request) {
        return STREAM.matcher(request).find();
    }

    static boolean wantsUsage(String request) {
        return INCLUDE_USAGE.matcher(request).find();
    }

    static String models() {
        return """
                {"object":"list","data":[{"id":"%s","object":"model","created":%d,"owned_by":"ai-proxy"}]}""".formatted(DEFAULT_NAME, Instant.now().getEpochSecond());
    }

    static String completion(String request) {
        String choice = """
                {"index":0,"message":{"role":"assistant","content":%s,"refusal":null},"logprobs":null,\
                "finish_reason":"stop"}""".formatted(JsonObject.quoted(String.join("", TOKENS)));
        return body("chat.completion", request, choice, usage());
    }

    static String tokenChunk(String request, String token) {
        return chunk(request, "{\"role\":\"assistant\",\"content\":" + JsonObject.quoted(token) + "}", "null");
    }

    static String lastChunk(String request) {
        return chunk(request, "{}", "\"stop\"");
    }

    /** What a client that asked for {@code include_usage} gets at the end: no choice, only the numbers. */
    static String usageChunk(String request) {
        return body("chat.completion.chunk", request, "", usage());
    }

    static String error(String message) {
        return """
                {"error":{"message":%s,"type":"invalid_request_error","param":null,"code":null}}""".formatted(JsonObject.quoted(message));
    }

    private static String chunk(String request, String delta, String finishReason) {
        String choice = """
                {"index":0,"delta":%s,"logprobs":null,"finish_reason":%s}""".formatted(delta, finishReason);
        return body("chat.completion.chunk", request, choice, "null");
    }

    private static String body(String object, String request, String choices, String usage) {
        return """
                {"id":"chatcmpl-demo","object":"%s","created":%d,"model":"%s","choices":[%s],"usage":%s}""".formatted(object, Instant.now().getEpochSecond(), model(request), choices, usage);
    }

    private static String usage() {
        return """
                {"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d}""".formatted(PROMPT_TOKENS, TOKENS.size(), PROMPT_TOKENS + TOKENS.size());
    }

    private static String model(String request) {
        Matcher model = MODEL.matcher(request);
        return model.find() ? model.group(1) : DEFAULT_NAME;
    }
}
