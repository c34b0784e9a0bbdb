package dev.aiproxy.internal.insight;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A place in a JSON answer that is worth a look: a name within another place. Arrays count as what is in them. */
final class Place {

    /** The top of an answer, or of an event; below it, all places there are. */
    static final Place ROOT = new Place("", null);

    /** No name of a place is longer. */
    static final int LONGEST_NAME = 24;

    static {
        // OpenAI: chat completions, completions, and whoever speaks like them; what reasons is named in several ways.
        is(Fact.MODEL, "model");
        is(Fact.TOKEN, "choices.delta.content", "choices.text", "choices.delta.refusal");
        is(Fact.TOKEN, "choices.delta.reasoning", "choices.delta.reasoning_content");
        is(Fact.TOKEN, "choices.delta.tool_calls.function.arguments", "choices.delta.function_call.arguments");
        is(Fact.INPUT_TOKENS, "usage.prompt_tokens");
        is(Fact.OUTPUT_TOKENS, "usage.completion_tokens");
        // OpenAI: responses.
        is(Fact.TYPE, "type");
        is(Fact.MODEL, "response.model");
        is(Fact.TOKEN, "delta");
        is(Fact.INPUT_TOKENS, "usage.input_tokens", "response.usage.input_tokens");
        is(Fact.OUTPUT_TOKENS, "usage.output_tokens", "response.usage.output_tokens");
        // Anthropic: messages.
        is(Fact.MODEL, "message.model");
        is(Fact.TOKEN, "delta.text", "delta.thinking", "delta.partial_json");
        is(Fact.INPUT_TOKENS, "message.usage.input_tokens");
        is(Fact.OUTPUT_TOKENS, "message.usage.output_tokens");
        // Ollama: chat and generate.
        is(Fact.TOKEN, "message.content", "message.thinking", "message.tool_calls.function.name");
        is(Fact.TOKEN, "response", "thinking");
        is(Fact.DONE, "done");
        is(Fact.INPUT_TOKENS, "prompt_eval_count");
        is(Fact.OUTPUT_TOKENS, "eval_count");
        // Gemini.
        is(Fact.MODEL, "modelVersion");
        is(Fact.TOKEN, "candidates.content.parts.text", "candidates.content.parts.functionCall.name");
        is(Fact.FINISH_REASON, "candidates.finishReason");
        is(Fact.INPUT_TOKENS, "usageMetadata.promptTokenCount");
        is(Fact.OUTPUT_TOKENS, "usageMetadata.candidatesTokenCount");
    }

    private final byte[] name;
    private final @Nullable Place around;
    /** Those in this one, by the length of their names. */
    private final Place[][] within = new Place[LONGEST_NAME + 1][0];

    private @Nullable Fact fact;

    private Place(String name, @Nullable Place around) {
        this.name = name.getBytes(StandardCharsets.US_ASCII);
        this.around = around;
    }

    private static void is(Fact fact, String... paths) {
        for (String path : paths) {
            Place place = ROOT;
            for (String name : path.split("\\.")) {
                place = place.made(name);
            }
            place.fact = fact;
        }
    }

    private Place made(String child) {
        byte[] bytes = child.getBytes(StandardCharsets.US_ASCII);
        Place known = named(bytes, 0, bytes.length);
        if (known != null) {
            return known;
        }
        Place place = new Place(child, this);
        Place[] before = within[bytes.length];
        within[bytes.length] = Arrays.copyOf(before, before.length + 1);
        within[bytes.length][before.length] = place;
        return place;
    }

    /** What it tells, if it is more than the way to others. */
    @Nullable
    Fact fact() {
        return fact;
    }

    /** The place that this one is in; the top is in itself. */
    Place around() {
        return around == null ? this : around;
    }

    /** The place of this name, not longer than {@link #LONGEST_NAME}, in this one, if it is worth a look. */
    @Nullable
    Place named(byte[] text, int from, int length) {
        for (Place place : within[length]) {
            if (Arrays.equals(place.name, 0, length, text, from, from + length)) {
                return place;
            }
        }
        return null;
    }
}
