package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.AiAnswer;
import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.Outcome;
import dev.aiproxy.TokenGaps;
import dev.aiproxy.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AccessLogFormatTest {

    private static final Instant TIME = Instant.parse("2026-11-23T09:08:07.006999Z");

    @Test
    void tellsOfAnAnswerInText() {
        assertThat(AccessLogFormat.TEXT.line(completed("/v1/chat/completions", "?key=&stream=")))
                .isEqualTo("2026-11-23T09:08:07.006Z 42 192.0.2.7 POST /v1/chat/completions?key=&stream= 200"
                        + " completed - 512 20480 134 8123");
    }

    @Test
    void tellsOfAnAnswerInJson() {
        assertThat(AccessLogFormat.JSON.line(completed("/v1/chat/completions", "?key=&stream=")))
                .isEqualTo("{\"time\":\"2026-11-23T09:08:07.006Z\",\"id\":42,\"client\":\"192.0.2.7\","
                        + "\"method\":\"POST\",\"path\":\"/v1/chat/completions?key=&stream=\",\"status\":200,"
                        + "\"outcome\":\"completed\",\"requestBytes\":512,\"responseBytes\":20480,"
                        + "\"firstByteMs\":134,\"durationMs\":8123}");
    }

    @Test
    void tellsOfAnAnswerThatWasReadInText() {
        assertThat(AccessLogFormat.TEXT.line(read("gpt 4o\n2026")))
                .isEqualTo("2026-11-23T09:08:07.006Z 42 192.0.2.7 POST /v1 200 completed - 512 20480 134 8123"
                        + " verdict=complete model=gpt\\x204o\\x0a2026 inputTokens=19 outputTokens=300 tokenEvents=3"
                        + " firstTokenMs=412 longestGapMs=2000 queueMs=1 connectMs=12 lastByteMs=8120"
                        + " requestId=req_1\\x20forged");
    }

    @Test
    void tellsOfAnAnswerThatWasReadInJson() {
        assertThat(AccessLogFormat.JSON.line(read("gpt-4o")))
                .endsWith(",\"durationMs\":8123,\"verdict\":\"complete\",\"model\":\"gpt-4o\",\"inputTokens\":19,"
                        + "\"outputTokens\":300,\"tokenEvents\":3,\"firstTokenMs\":412,\"longestGapMs\":2000,"
                        + "\"queueMs\":1,\"connectMs\":12,\"lastByteMs\":8120,\"requestId\":\"req_1 forged\"}");
    }

    @Test
    void tellsOfAFailureInText() {
        assertThat(AccessLogFormat.TEXT.line(failed()))
                .isEqualTo("2026-11-23T09:08:07.006Z 7 192.0.2.7 - - - client_gone client_closed 0 0 - 3");
    }

    @Test
    void leavesOutWhatIsNotThereInJson() {
        assertThat(AccessLogFormat.JSON.line(failed()))
                .isEqualTo("{\"time\":\"2026-11-23T09:08:07.006Z\",\"id\":7,\"client\":\"192.0.2.7\",\"method\":\"-\","
                        + "\"path\":\"-\",\"outcome\":\"client_gone\",\"error\":\"client_closed\",\"requestBytes\":0,"
                        + "\"responseBytes\":0,\"durationMs\":3}");
    }

    @Test
    void keepsAForgedLineOnItsLine() {
        ExchangeEnd forged = completed("/a b\r\n2026 1 admin\u001b[2J\u2028\u0085", "");

        assertThat(AccessLogFormat.TEXT.line(forged))
                .contains(" /a\\x20b\\x0d\\x0a2026\\x201\\x20admin\\x1b[2J\\u2028\\x85 200 ");
        assertThat(AccessLogFormat.JSON.line(forged))
                .contains("\"path\":\"/a b\\u000d\\u000a2026 1 admin\\u001b[2J\\u2028\\u0085\",");
    }

    @Test
    void namesTheClientThatHasShownAToken() {
        ExchangeEnd end = completed(Optional.of("ann"), "/v1", "");

        assertThat(AccessLogFormat.TEXT.line(end)).contains(" 192.0.2.7/ann POST ");
        assertThat(AccessLogFormat.JSON.line(end)).contains("\"client\":\"192.0.2.7\",\"clientName\":\"ann\",");
    }

    @Test
    void hidesUserInfo() {
        assertThat(AccessLogFormat.TEXT.line(completed("http://me:secret@host/a@b", "")))
                .contains(" http://***@host/a@b ")
                .doesNotContain("secret");
        assertThat(AccessLogFormat.TEXT.line(completed("me:secret@host:443", "")))
                .contains(" ***@host:443 ");
        assertThat(AccessLogFormat.TEXT.line(completed("/@scope/package", ""))).contains(" /@scope/package ");
    }

    private static ExchangeEnd completed(String path, String query) {
        return completed(Optional.empty(), path, query);
    }

    private static ExchangeEnd completed(Optional<String> clientName, String path, String query) {
        return new ExchangeEnd(
                new Exchange(42, TIME, "192.0.2.7", clientName, "POST", path, query),
                Outcome.COMPLETED,
                Optional.of(200),
                Optional.empty(),
                512,
                20_480,
                Optional.of(Duration.ofMillis(130)),
                Optional.of(Duration.ofMillis(134)),
                Duration.ofMillis(8_123));
    }

    private static ExchangeEnd read(String model) {
        ExchangeEnd end = completed("/v1", "");
        return new ExchangeEnd(
                end.exchange(),
                end.outcome(),
                end.status(),
                end.errorCode(),
                end.requestBytes(),
                end.responseBytes(),
                end.timeToResponse(),
                end.timeToFirstByte(),
                end.duration(),
                Optional.of(Duration.ofMillis(1)),
                Optional.of(Duration.ofMillis(12)),
                Optional.of(Duration.ofMillis(8_120)),
                Optional.of(Duration.ofNanos(30_000)),
                Optional.of("req_1 forged"),
                Optional.of(new AiAnswer(
                        true,
                        Optional.of(model),
                        Optional.of(19L),
                        Optional.of(300L),
                        3,
                        Optional.of(Duration.ofMillis(412)),
                        Optional.of(Duration.ofMillis(8_119)),
                        new TokenGaps(
                                List.of(0L, 0L, 1L, 0L, 0L, 0L, 0L, 1L, 0L, 0L),
                                Duration.ofMillis(2_040),
                                Duration.ofMillis(2_000)))),
                Optional.of(Verdict.COMPLETE));
    }

    private static ExchangeEnd failed() {
        return new ExchangeEnd(
                new Exchange(7, TIME, "192.0.2.7", Optional.empty(), "-", "-", ""),
                Outcome.CLIENT_GONE,
                Optional.empty(),
                Optional.of("client_closed"),
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                Duration.ofMillis(3));
    }
}
