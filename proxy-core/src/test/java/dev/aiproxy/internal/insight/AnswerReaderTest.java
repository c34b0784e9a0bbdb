package dev.aiproxy.internal.insight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.AiAnswer;
import dev.aiproxy.Outcome;
import dev.aiproxy.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AnswerReaderTest {

    private static AiAnswer answer(AnswerReader reader) {
        return reader.answer(0).orElseThrow();
    }

    private static Verdict verdict(AnswerReader reader) {
        return verdict(reader, Outcome.COMPLETED).orElseThrow();
    }

    private static Optional<Verdict> verdict(AnswerReader reader, Outcome outcome) {
        return reader.judged(0, outcome).map(AnswerReader.Judged::verdict);
    }

    /** In each way that it may be cut into pieces. */
    @ParameterizedTest
    @CsvSource({
        "openai-chat.sse, gpt-4o-mini-2024-07-18, 19, 10, 2",
        "openai-tools.sse, gpt-4o, , , 2",
        "openai-responses.sse, gpt-4o-2024-08-06, 37, 11, 2",
        "anthropic.sse, claude-sonnet-4-5, 25, 15, 3",
        "gemini.sse, gemini-2.5-flash, 8, 5, 2",
        "ollama.ndjson, llama3.2, 26, 282, 2",
        "ollama-generate.ndjson, qwen3:0.6b, 5, 2, 2",
        "gemini-array.json, gemini-2.5-flash, 8, 5, 2",
    })
    void readsStreamOf(String name, String model, Long inputTokens, Long outputTokens, long tokenEvents) {
        Transcript transcript = Transcript.named(name);

        for (int cut = 0; cut <= transcript.bytes().length; cut++) {
            AnswerReader reader = cut == 0 ? transcript.readInPiecesOf(1) : transcript.readInTwo(cut);

            AiAnswer answer = answer(reader);
            assertThat(answer.streamed()).isTrue();
            assertThat(answer.model()).contains(model);
            assertThat(answer.inputTokens()).isEqualTo(Optional.ofNullable(inputTokens));
            assertThat(answer.outputTokens()).isEqualTo(Optional.ofNullable(outputTokens));
            assertThat(answer.tokenEvents()).isEqualTo(tokenEvents);
            assertThat(verdict(reader)).isEqualTo(Verdict.COMPLETE);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "openai-chat.json, meta-llama/Llama-3.3-70B, 19, 10",
        "openai-responses.json, gpt-4.1-2025-04-14, 36, 87",
        "openai-embeddings.json, text-embedding-ada-002, 8,",
        "anthropic.json, claude-sonnet-4-5, 2095, 503",
        "gemini.json, gemini-2.5-flash, 4, 2",
        "ollama.json, llama3.2, 26, 298",
    })
    void readsBodyOf(String name, String model, Long inputTokens, Long outputTokens) {
        Transcript transcript = Transcript.named(name);

        for (int cut = 0; cut <= transcript.bytes().length; cut++) {
            AnswerReader reader = cut == 0 ? transcript.readInPiecesOf(1) : transcript.readInTwo(cut);

            AiAnswer answer = answer(reader);
            assertThat(answer.streamed()).isFalse();
            assertThat(answer.model()).contains(model);
            assertThat(answer.inputTokens()).isEqualTo(Optional.ofNullable(inputTokens));
            assertThat(answer.outputTokens()).isEqualTo(Optional.ofNullable(outputTokens));
            assertThat(answer.tokenEvents()).isZero();
            assertThat(verdict(reader)).isEqualTo(Verdict.COMPLETE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void readsEventsWhoseLinesEndIn(String lineEnd) {
        Transcript transcript = Transcript.named("anthropic.sse").withLinesEndingIn(lineEnd);

        for (int size : List.of(1, 2, 3, 7, 64, 100_000)) {
            AnswerReader reader = transcript.readInPiecesOf(size);

            assertThat(answer(reader).tokenEvents()).isEqualTo(3);
            assertThat(answer(reader).outputTokens()).contains(15L);
            assertThat(verdict(reader)).isEqualTo(Verdict.COMPLETE);
        }
    }

    @Test
    void passesOverCommentsAndOtherFields() {
        AnswerReader reader = Transcript.events(
                        "\uFEFF: OPENROUTER PROCESSING\n\ndatabase: {\"model\":\"no\"}\nid\nretry: 3\n"
                                + "data:{\"model\":\"yes\"}\n\n: data: [DONE]\n\n")
                .readInPiecesOf(1);

        assertThat(answer(reader).model()).contains("yes");
        assertThat(verdict(reader)).isEqualTo(Verdict.NO_TERMINAL_EVENT);
    }

    @Test
    void readsAnEventOfSeveralDataLines() {
        AnswerReader reader = Transcript.events("data: {\"model\": \"m\",\ndata:  \"choices\": [{\"delta\":\ndata\n"
                        + "data: {\"content\": \"x\"}}]\ndata: }\n\ndata: [DONE]\n\n")
                .readInPiecesOf(1);

        assertThat(answer(reader).tokenEvents()).isEqualTo(1);
        assertThat(verdict(reader)).isEqualTo(Verdict.COMPLETE);
    }

    @Test
    void takesTheLastEventWithoutTheEmptyLineBehindIt() {
        assertThat(verdict(Transcript.events("data: {\"model\":\"m\"}\n\ndata: [DONE]")
                        .readWhole()))
                .isEqualTo(Verdict.COMPLETE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[DONE", "[DONE]!", "\"[DONE]\"", "{\"text\":\"[DONE]\"}", "[DONE] {}", "x[DONE]"})
    void takesNothingElseForTheLastEvent(String data) {
        AnswerReader reader = Transcript.events("data: {\"model\":\"m\"}\n\ndata: " + data + "\n\n")
                .readWhole();

        assertThat(verdict(reader)).isEqualTo(Verdict.NO_TERMINAL_EVENT);
    }

    @ParameterizedTest
    @CsvSource({
        "openai-chat.sse, data: [DONE]",
        "openai-responses.sse, event: response.completed",
        "anthropic.sse, event: message_stop",
        "ollama.ndjson, true",
        "gemini.sse, STOP",
        "openai-chat.json, usage",
        "gemini-array.json, STOP"
    })
    void tellsWhyAnAnswerIsNotWhole(String name, String missing) {
        AnswerReader reader = Transcript.named(name).upTo(missing).readWhole();

        assertThat(verdict(reader, Outcome.COMPLETED)).contains(Verdict.NO_TERMINAL_EVENT);
        assertThat(verdict(reader, Outcome.UPSTREAM_CUT)).contains(Verdict.UPSTREAM_CUT);
        assertThat(verdict(reader, Outcome.UPSTREAM_FAILED)).contains(Verdict.UPSTREAM_CUT);
        assertThat(verdict(reader, Outcome.CLIENT_GONE)).contains(Verdict.CLIENT_GONE);
        assertThat(verdict(reader, Outcome.REFUSED)).contains(Verdict.CLIENT_GONE);
        assertThat(verdict(reader, Outcome.TIMED_OUT)).contains(Verdict.TIMEOUT);
        assertThat(verdict(reader, Outcome.SHUT_DOWN)).contains(Verdict.SHUT_DOWN);
    }

    @Test
    void takesACutBehindTheLastEventForNoLoss() {
        AnswerReader reader = Transcript.named("openai-chat.sse").readWhole();

        assertThat(verdict(reader, Outcome.CLIENT_GONE)).contains(Verdict.COMPLETE);
        assertThat(verdict(reader, Outcome.UPSTREAM_CUT)).contains(Verdict.COMPLETE);
    }

    @Test
    void takesAStreamThatBringsNothingForABrokenAnswer() {
        AnswerReader reader = Transcript.events(": hello\n\n").readWhole();

        assertThat(verdict(reader, Outcome.UPSTREAM_CUT)).contains(Verdict.UPSTREAM_CUT);
        assertThat(answer(reader).tokenEvents()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", "{\"type\":\"ping\"}", "{}"})
    void saysNothingOfOtherStreams(String data) {
        AnswerReader reader = Transcript.events("data: " + data + "\n\n").readWhole();

        assertThat(reader.answer(0)).isEmpty();
        assertThat(verdict(reader, Outcome.COMPLETED)).isEmpty();
    }

    @Test
    void saysNothingOfOtherBodies() {
        byte[] models = "{\"object\":\"list\",\"data\":[{\"id\":\"gpt-4o\",\"object\":\"model\"}]}"
                .getBytes(StandardCharsets.UTF_8);
        AnswerReader reader = new Transcript("application/json", models).readWhole();

        assertThat(reader.answer(0)).isEmpty();
        assertThat(verdict(reader, Outcome.COMPLETED)).isEmpty();
    }

    @Test
    void goesOnBehindALineThatIsNoJson() {
        byte[] lines = "{\"model\":\"a\n{{{[\"\n{\"response\":\"x\",\"done\":false}\nnull\n{\"done\":true}\n"
                .getBytes(StandardCharsets.UTF_8);
        AnswerReader reader = new Transcript("application/x-ndjson", lines).readInPiecesOf(1);

        assertThat(answer(reader).model()).isEmpty();
        assertThat(answer(reader).tokenEvents()).isEqualTo(1);
        assertThat(verdict(reader)).isEqualTo(Verdict.COMPLETE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "1e3", "\"7\"", "null", "{\"tokens\":7}", "123456789012345678901234567890"})
    void leavesOutANumberOfTokensThatIsNone(String number) {
        AnswerReader reader = Transcript.events("data: {\"model\":\"m\",\"usage\":{\"prompt_tokens\":" + number
                        + ",\"completion_tokens\": 5 }}\n\n")
                .readWhole();

        assertThat(answer(reader).inputTokens()).isEmpty();
        assertThat(answer(reader).outputTokens()).contains(5L);
    }

    @Test
    void leavesOutAModelWithALongName() {
        AnswerReader reader = Transcript.events("data: {\"model\":\"" + "m".repeat(129) + "\",\"eval_count\":1}\n\n")
                .readWhole();

        assertThat(answer(reader).model()).isEmpty();
        assertThat(answer(reader).outputTokens()).contains(1L);
    }

    @Test
    void readsHugeEventsAndDeepOnesToTheirEnd() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        String nested = "{\"delta\":".repeat(40) + "1" + "}".repeat(40);
        AnswerReader reader = Transcript.events(
                        "data: {\"x\":\"" + "y".repeat(1_000_000) + "\",\"z\":" + deep + ",\"content\":" + deep
                                + ",\"delta\":" + nested + ",\"choices\":[[{\"text\":\"t\"}]],\"model\":\"m\"}\n\n")
                .readInPiecesOf(1000);

        assertThat(answer(reader).model()).contains("m");
        assertThat(answer(reader).tokenEvents()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "200, text/event-stream, gzip",
        "200, text/plain,",
        "200, ,",
        "404, application/json,",
        "304, text/event-stream,",
    })
    void leavesOutOtherResponses(int status, String contentType, String contentEncoding) {
        assertThat(AnswerReader.of(status, contentType, contentEncoding)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "200, TEXT/Event-Stream;x=y, identity",
        "201, application/json ;charset=utf-8, ",
        "200, application/jsonl,"
    })
    void looksAtResponses(int status, String contentType, String contentEncoding) {
        assertThat(AnswerReader.of(status, contentType, contentEncoding)).isPresent();
    }

    @Test
    void tellsWhenTokensCame() {
        AnswerReader reader = Transcript.events("").newReader();
        ByteBuffer role = event("{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}");
        ByteBuffer token = event("{\"choices\":[{\"delta\":{\"content\":\"x\"}}]}");

        assertThat(read(reader, role, 1_000)).isFalse();
        assertThat(read(reader, token, 2_000)).isTrue();
        assertThat(read(reader, token, 2_000)).isFalse();
        assertThat(read(reader, token, 60_002_000)).isFalse();

        AiAnswer answer = reader.answer(500).orElseThrow();
        assertThat(answer.timeToFirstToken()).contains(Duration.ofNanos(1_500));
        assertThat(answer.timeToLastToken()).contains(Duration.ofNanos(60_001_500));
        assertThat(answer.gaps().longest()).isEqualTo(Duration.ofMillis(60));
        assertThat(answer.gaps().total()).isEqualTo(Duration.ofMillis(60));
        assertThat(answer.gaps().count()).isEqualTo(2);
        assertThat(answer.gaps().counts()).containsExactly(1L, 0L, 0L, 1L, 0L, 0L, 0L, 0L, 0L, 0L);
    }

    @Test
    void leavesTheBytesAsTheyAre() {
        ByteBuffer bytes = event("{\"model\":\"m\"}").position(3);

        AnswerReader reader = Transcript.events("").newReader();
        reader.read(bytes.asReadOnlyBuffer(), 0, bytes.limit(), 0);

        assertThat(bytes.position()).isEqualTo(3);
        assertThat(answer(reader).model()).contains("m");
    }

    private static ByteBuffer event(String data) {
        return ByteBuffer.wrap(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
    }

    private static boolean read(AnswerReader reader, ByteBuffer bytes, long arrivedAt) {
        return reader.read(bytes, 0, bytes.limit(), arrivedAt);
    }
}
