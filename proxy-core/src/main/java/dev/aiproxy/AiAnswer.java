package dev.aiproxy;

import java.time.Duration;
import java.util.Optional;

/**
 * What could be told of an AI server's answer by reading it while it passed. Never what it said.
 *
 * <p>Read are responses with a status of 200 to 299 and without a content coding: event streams of OpenAI (chat
 * completions, responses), Anthropic and Gemini and of servers that speak like them, JSON lines of Ollama, and JSON bodies.
 *
 * @param streamed whether it came in events; otherwise as one JSON body
 * @param model name of the model, at most 128 bytes in UTF-8; empty if the answer does not name one
 * @param inputTokens tokens of the request, as the AI server counts them; empty if it has not told
 * @param outputTokens tokens of the answer, as the AI server counts them; empty if it has not told. In the middle of a
 *     stream, those that it has counted so far
 * @param tokenEvents events that had a piece of the answer's text, reasoning or tool calls in them; about as many as there
 *     are tokens with most servers; 0 if it did not come in events
 * @param timeToFirstToken from the start of the request until the first such event arrived; empty if none did
 * @param timeToLastToken from the start of the request until the last such event arrived; empty if none did
 * @param gaps the times from one such event to the next
 */
public record AiAnswer(
        boolean streamed,
        Optional<String> model,
        Optional<Long> inputTokens,
        Optional<Long> outputTokens,
        long tokenEvents,
        Optional<Duration> timeToFirstToken,
        Optional<Duration> timeToLastToken,
        TokenGaps gaps) {}
