package dev.aiproxy.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A short streamed call to the real AI server, with the user's own key.
 *
 * @param request as it goes to the proxy
 */
record LiveCall(String request) {

    private static final String CHECK = "stream";
    private static final String OPENAI_KEY = "OPENAI_API_KEY";
    private static final String ANTHROPIC_KEY = "ANTHROPIC_API_KEY";
    private static final int FEWEST_EVENTS = 4;
    private static final String MESSAGES = "\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":"
            + "\"Count from 1 to 20, with a comma between.\"}]";

    /**
     * In the API that the target's name tells, Anthropic's or else OpenAI's.
     *
     * @param environment may hold the key of that API; without, none is sent
     * @param model name of the model; a small one of the vendor's if empty
     */
    static LiveCall to(Settings settings, Map<String, String> environment, Optional<String> model) {
        return settings.get(ConfigKey.TARGET_HOST).contains("anthropic")
                ? anthropic(environment, model.orElse("claude-3-5-haiku-latest"))
                : openAi(environment, model.orElse("gpt-4o-mini"));
    }

    private static LiveCall openAi(Map<String, String> environment, String model) {
        List<String> fields = new ArrayList<>();
        key(environment, OPENAI_KEY).ifPresent(key -> fields.add("Authorization: Bearer " + key));
        return call("/v1/chat/completions", fields, "{\"model\":" + JsonObject.quoted(model) + "," + MESSAGES + "}");
    }

    private static LiveCall anthropic(Map<String, String> environment, String model) {
        List<String> fields = new ArrayList<>(List.of("anthropic-version: 2023-06-01"));
        key(environment, ANTHROPIC_KEY).ifPresent(key -> fields.add("x-api-key: " + key));
        return call(
                "/v1/messages",
                fields,
                "{\"model\":" + JsonObject.quoted(model) + ",\"max_tokens\":100," + MESSAGES + "}");
    }

    private static LiveCall call(String path, List<String> fields, String json) {
        return new LiveCall(HttpProbe.post("localhost", path, fields, json));
    }

    /** One that would end its field's line is none. */
    private static Optional<String> key(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .map(String::strip)
                .filter(key ->
                        !key.isEmpty() && key.chars().allMatch(character -> character > ' ' && character < 0x7f));
    }

    /** What the arrivals of its events tell. */
    Finding verdict(TokenTimes times) {
        int events = times.arrivals().size();
        if (events < FEWEST_EVENTS) {
            return Finding.warn(CHECK, events + " events came: too few to tell", "try another model: --model NAME");
        }
        long first = times.first().toMillis();
        long span = times.last().minus(times.first()).toMillis();
        String found =
                "%d events of the AI server came through the running proxy, the first after %d ms, all over %d ms"
                        .formatted(events, first, span);
        // A model takes some milliseconds for each token, so this many in less were held back and let go at once.
        return span < 2L * events
                ? Finding.warn(
                        CHECK,
                        found + ": at once",
                        "if 'twin' below is ok, the AI server or something between gathers them")
                : Finding.ok(CHECK, found);
    }

    Finding refused(int status) {
        return status == 401 || status == 403
                ? Finding.warn(
                        CHECK,
                        "not tried: the AI server answers " + status,
                        "put a key into " + OPENAI_KEY + " or " + ANTHROPIC_KEY + ", whichever API it has")
                : Finding.warn(
                        CHECK, "not tried: the AI server answers " + status, "name a model that it has: --model NAME");
    }

    /** Never the key. */
    @Override
    public String toString() {
        return "LiveCall";
    }
}
