package dev.aiproxy.launcher;

import dev.aiproxy.AiAnswer;
import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A {@link LiveSnapshot} as JSON, in sections: whoever has the last one needs only those that have changed. docs/
 * observability.md describes the fields.
 *
 * @param sections JSON of each by its name, in the order of the object
 */
record LiveJson(Map<String, String> sections) {

    /** One that says nothing. */
    static final LiveJson NOTHING = new LiveJson(Map.of());

    static LiveJson of(LiveSnapshot snapshot) {
        Map<String, String> sections = new LinkedHashMap<>();
        sections.put("at", JsonObject.quoted(AccessLogFormat.time(snapshot.at())));
        sections.put("program", program(snapshot.program()));
        sections.put("totals", totals(snapshot.totals()));
        sections.put("health", health(snapshot.health()));
        sections.put("streams", array(snapshot.streams().stream().map(LiveJson::row)));
        sections.put("ended", array(snapshot.ended().stream().map(AccessLogFormat.JSON::line)));
        sections.put("history", history(snapshot.history()));
        sections.put("config", array(snapshot.config().stream().map(ConfigCommand.ShownSetting::json)));
        return new LiveJson(sections);
    }

    /** Those sections that are not the same in another one, as an object on one line. */
    String since(LiveJson other) {
        JsonObject changed = new JsonObject();
        sections.forEach((name, json) -> {
            if (!json.equals(other.sections.get(name))) {
                changed.json(name, json);
            }
        });
        return changed.toString();
    }

    /** All of it, on one line. */
    @Override
    public String toString() {
        return since(NOTHING);
    }

    private static String program(LiveSnapshot.Program program) {
        return new JsonObject()
                .text("version", program.version())
                .text("startedAt", AccessLogFormat.time(program.startedAt()))
                .text("target", program.target())
                .texts("baseUris", program.baseUris())
                .toString();
    }

    private static String totals(LiveSnapshot.Totals totals) {
        return new JsonObject()
                .number("inFlight", totals.inFlight())
                .number("requests", totals.stats().requests())
                .decimal("requestsPerSecond", totals.requestsPerSecond())
                .json("outcomes", counts(totals.stats().ended()))
                .json("verdicts", counts(totals.verdicts()))
                .number("inputTokens", totals.inputTokens())
                .number("outputTokens", totals.outputTokens())
                .number("tokenEvents", totals.tokenEvents())
                .decimal("tokensPerSecond", totals.tokensPerSecond())
                .number("upstreamCancels", totals.stats().upstreamCancels())
                .number("replays", totals.stats().replays())
                .toString();
    }

    private static String counts(Map<? extends Enum<?>, Long> counts) {
        JsonObject json = new JsonObject();
        new TreeMap<>(counts).forEach((name, count) -> json.number(name.name().toLowerCase(Locale.ROOT), count));
        return json.toString();
    }

    private static String health(TargetHealth.Report health) {
        JsonObject json =
                new JsonObject().text("state", health.state()).number("failuresInARow", health.failuresInARow());
        put(json, "lastSuccess", health.lastSuccess());
        put(json, "lastFailure", health.lastFailure());
        health.reason().ifPresent(reason -> json.text("reason", reason));
        return json.toString();
    }

    private static void put(JsonObject json, String name, Optional<Instant> time) {
        time.ifPresent(instant -> json.text(name, AccessLogFormat.time(instant)));
    }

    private static String row(LiveSnapshot.Row row) {
        ExchangeProgress progress = row.progress();
        Exchange exchange = progress.exchange();
        JsonObject json = new JsonObject().number("id", exchange.id()).text("client", exchange.client());
        exchange.clientName().ifPresent(name -> json.text("clientName", name));
        json.text("method", exchange.method()).text("path", AccessLogFormat.path(exchange));
        progress.status().ifPresent(status -> json.number("status", status));
        json.number("ageMs", progress.age().toMillis())
                .number("silentMs", row.silence().toMillis())
                .number("requestBytes", progress.requestBytes())
                .number("responseBytes", progress.responseBytes());
        progress.answer().ifPresent(answer -> put(json, answer));
        if (!row.tokensPerSecond().isEmpty()) {
            json.numbers("tokensPerSecond", row.tokensPerSecond());
        }
        return json.toString();
    }

    private static void put(JsonObject json, AiAnswer answer) {
        answer.model().ifPresent(model -> json.text("model", model));
        answer.inputTokens().ifPresent(tokens -> json.number("inputTokens", tokens));
        answer.outputTokens().ifPresent(tokens -> json.number("outputTokens", tokens));
        if (answer.streamed()) {
            json.number("tokenEvents", answer.tokenEvents());
        }
        answer.timeToFirstToken().map(Duration::toMillis).ifPresent(wait -> json.number("firstTokenMs", wait));
    }

    private static String history(List<HistoryStep> steps) {
        return new JsonObject()
                .number("stepSeconds", LiveHistory.STEP.toSeconds())
                .number("mostSteps", LiveHistory.MOST_STEPS)
                .array("steps", steps.stream().map(LiveJson::step))
                .toString();
    }

    private static String step(HistoryStep step) {
        JsonObject json = new JsonObject()
                .text("at", AccessLogFormat.time(step.at()))
                .number("requests", step.requests())
                .number("ended", step.ended())
                .number("failed", step.failed())
                .number("tokens", step.tokens())
                .number("inFlight", step.inFlight());
        step.firstToken().ifPresent(spread -> json.numbers("firstTokenMs", numbers(spread)));
        step.gaps().ifPresent(spread -> json.numbers("gapMs", numbers(spread)));
        return json.toString();
    }

    private static List<Long> numbers(Percentiles spread) {
        return List.of(spread.p50(), spread.p95(), spread.p99());
    }

    private static String array(Stream<String> values) {
        return values.collect(Collectors.joining(",", "[", "]"));
    }
}
