package dev.aiproxy.internal.insight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.Outcome;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes, a reader stays within its bounds, and pieces make no difference. Seeded, so that it can be repeated. */
final class AnswerReaderFuzzTest {

    private static final int ROUNDS = 2_000;
    private static final byte[] TELLING = "{}[]\",:\\\r\n data:[DONE]0-tfn".getBytes(StandardCharsets.US_ASCII);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "openai-chat.sse",
                "openai-responses.sse",
                "anthropic.sse",
                "gemini.sse",
                "ollama.ndjson",
                "gemini-array.json",
                "openai-chat.json"
            })
    void readsBrokenAnswersAlikeInAnyPieces(String name) {
        Transcript whole = Transcript.named(name);
        Random random = new Random(name.hashCode());

        for (int round = 0; round < ROUNDS; round++) {
            Transcript broken = new Transcript(whole.contentType(), broken(whole.bytes(), random));

            AnswerReader atOnce = broken.readWhole();
            AnswerReader inPieces = broken.readInPiecesOf(1 + random.nextInt(50));

            assertThat(inPieces.answer(0)).as("%s, round %d", name, round).isEqualTo(atOnce.answer(0));
            assertThat(inPieces.judged(0, Outcome.COMPLETED))
                    .as("%s, round %d", name, round)
                    .isEqualTo(atOnce.judged(0, Outcome.COMPLETED));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/event-stream", "application/x-ndjson", "application/json"})
    void survivesNoise(String contentType) {
        Random random = new Random(7);

        for (int round = 0; round < ROUNDS; round++) {
            byte[] noise = new byte[random.nextInt(300)];
            for (int i = 0; i < noise.length; i++) {
                noise[i] = random.nextInt(10) == 0 ? (byte) random.nextInt() : TELLING[random.nextInt(TELLING.length)];
            }
            AnswerReader reader = AnswerReader.of(200, contentType, null).orElseThrow();
            reader.read(ByteBuffer.wrap(noise), 0, noise.length, 0);

            assertThat(reader.judged(0, Outcome.COMPLETED).isPresent())
                    .isEqualTo(reader.answer(0).isPresent());
        }
    }

    private static byte[] broken(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        for (int change = random.nextInt(8); change >= 0; change--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(3)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] = TELLING[random.nextInt(TELLING.length)];
                default -> {
                    int from = random.nextInt(bytes.length);
                    int length = Math.min(random.nextInt(40), bytes.length - Math.max(from, at));
                    System.arraycopy(bytes, from, bytes, at, length);
                }
            }
        }
        return bytes;
    }
}
