package dev.aiproxy.launcher;

import dev.aiproxy.AiAnswer;
import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ExchangeProgress;
import dev.aiproxy.launcher.TopLine.Look;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A {@link LiveSnapshot} as a terminal shows it. For one drawing. */
final class TopScreen {

    private static final int WIDE_COLUMNS = 120;
    private static final int MOST_ENDED_OF_ALL = 20;
    private static final Duration LONG_SILENCE = Duration.ofSeconds(10);

    private final LiveSnapshot snapshot;
    private final TopForm form;
    private final boolean isWide;
    private final DateTimeFormatter clock;
    private final List<String> lines = new ArrayList<>();

    private TopScreen(LiveSnapshot snapshot, TopForm form) {
        this.snapshot = snapshot;
        this.form = form;
        this.isWide = form.columns() >= WIDE_COLUMNS;
        this.clock = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(form.zone());
    }

    /** All lines, each with a line feed. */
    static String draw(LiveSnapshot snapshot, TopForm form) {
        return new TopScreen(snapshot, form).draw();
    }

    private String draw() {
        head();
        int left = form.lines() == 0 ? Integer.MAX_VALUE : form.lines() - lines.size() - 4;
        int most = form.lines() == 0 ? MOST_ENDED_OF_ALL : left;
        int ended = Math.min(snapshot.ended().size(), most);
        int streams = Math.min(snapshot.streams().size(), Math.max(left / 2, left - ended));
        streams(Math.max(0, streams));
        ended(Math.max(0, Math.min(ended, left - streams)));
        return lines.stream()
                .limit(form.lines() == 0 ? lines.size() : form.lines())
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private void head() {
        LiveSnapshot.Program program = snapshot.program();
        LiveSnapshot.Totals totals = snapshot.totals();
        line(line -> line.add(Look.STRONG, "AI proxy " + program.version())
                .add("  up " + age(Duration.between(program.startedAt(), snapshot.at())))
                .add("  "
                        + String.join(" ", program.baseUris().stream().limit(1).toList()) + " to " + program.target()));
        health();
        line(line -> line.add("in flight ")
                .add(Look.STRONG, count(totals.inFlight()))
                .add("  requests ")
                .add(Look.STRONG, count(totals.stats().requests()))
                .add(" (" + rate(totals.requestsPerSecond()) + "/s)  token events ")
                .add(Look.STRONG, count(totals.tokenEvents()))
                .add(" (" + rate(totals.tokensPerSecond()) + "/s)"));
        line(line -> line.add("ended     ").add(counts(totals.stats().ended())));
        line(line -> line.add("verdicts  ").add(counts(totals.verdicts())));
        line(line -> line.add("first token ")
                .add(percentiles(HistoryStep::firstToken))
                .add("  token gap ")
                .add(percentiles(HistoryStep::gaps)));
        lines.add("");
    }

    private void health() {
        TargetHealth.Report health = snapshot.health();
        Look look = health.failuresInARow() > 0 ? Look.BAD : Look.GOOD;
        line(line -> {
            line.add("AI server ")
                    .add(health.lastSuccess().isEmpty() && look == Look.GOOD ? Look.PLAIN : look, health.state());
            health.lastSuccess().ifPresent(at -> line.add("  answered " + ago(at)));
            health.lastFailure()
                    .ifPresent(at -> line.add(
                            "  failed " + ago(at) + ": " + health.reason().orElse("?")));
            if (health.failuresInARow() > 1) {
                line.add(", " + count(health.failuresInARow()) + " in a row");
            }
        });
    }

    private String ago(Instant at) {
        return age(Duration.between(at, snapshot.at())) + " ago";
    }

    private static String counts(Map<? extends Enum<?>, Long> counts) {
        String told = new TreeMap<>(counts)
                .entrySet().stream()
                        .filter(entry -> entry.getValue() > 0)
                        .map(entry -> count(entry.getValue()) + " " + words(entry.getKey()))
                        .collect(Collectors.joining(", "));
        return told.isEmpty() ? "none" : told;
    }

    /** Of the last step that has any. */
    private String percentiles(Function<HistoryStep, Optional<Percentiles>> which) {
        List<HistoryStep> steps = snapshot.history();
        for (int at = steps.size() - 1; at >= 0; at--) {
            Optional<Percentiles> found = which.apply(steps.get(at));
            if (found.isPresent()) {
                Percentiles times = found.get();
                return "p50 %s p95 %s p99 %s".formatted(millis(times.p50()), millis(times.p95()), millis(times.p99()));
            }
        }
        return "unknown yet";
    }

    private void streams(int most) {
        int inFlight = snapshot.totals().inFlight();
        line(line -> {
            line.column(Look.QUIET, "AGE", 8, true);
            if (isWide) {
                line.column(Look.QUIET, "CLIENT", 16, false);
            }
            line.column(Look.QUIET, "MODEL", modelWidth(), false)
                    .column(Look.QUIET, "STATUS", 6, true)
                    .column(Look.QUIET, "TOKENS", 8, true)
                    .column(Look.QUIET, "SILENT", 8, true)
                    .column(Look.QUIET, isWide ? "TOKENS/S, 20 S" : "TOKENS/S", barsWidth(), false)
                    .add(Look.QUIET, "REQUEST");
        });
        snapshot.streams().stream().limit(most).forEach(this::stream);
        String note = inFlight == 0 ? "nothing is in flight" : inFlight > most ? count(inFlight - most) + " more" : "";
        line(line -> line.add(Look.QUIET, note));
    }

    private void stream(LiveSnapshot.Row row) {
        ExchangeProgress progress = row.progress();
        line(line -> {
            line.column(Look.PLAIN, age(progress.age()), 8, true);
            if (isWide) {
                line.column(Look.PLAIN, client(progress.exchange()), 16, false);
            }
            line.column(Look.STRONG, model(progress.answer()), modelWidth(), false)
                    .column(Look.PLAIN, progress.status().map(String::valueOf).orElse("-"), 6, true)
                    .column(Look.PLAIN, tokens(progress.answer()), 8, true)
                    .column(
                            row.silence().compareTo(LONG_SILENCE) > 0 ? Look.WARNING : Look.PLAIN,
                            millis(row.silence().toMillis()),
                            8,
                            true)
                    .bars(row.tokensPerSecond(), row.tokensPerSecond().size(), barsWidth())
                    .add(request(progress.exchange()));
        });
    }

    private void ended(int most) {
        line(line -> {
            line.column(Look.QUIET, "BEGAN", 8, false).column(Look.QUIET, "VERDICT", 17, false);
            if (isWide) {
                line.column(Look.QUIET, "CLIENT", 16, false);
            }
            line.column(Look.QUIET, "MODEL", modelWidth(), false).column(Look.QUIET, "STATUS", 6, true);
            if (isWide) {
                line.column(Look.QUIET, "FIRST", 8, true);
            }
            line.column(Look.QUIET, "TOOK", 8, true)
                    .column(Look.QUIET, "TOKENS", 8, true)
                    .add(Look.QUIET, "REQUEST");
        });
        snapshot.ended().stream().limit(most).forEach(this::ended);
    }

    private void ended(ExchangeEnd end) {
        Optional<Duration> firstToken = end.answer().flatMap(AiAnswer::timeToFirstToken);
        line(line -> {
            line.column(Look.PLAIN, clock.format(end.exchange().startedAt()), 8, false)
                    .column(look(end), verdict(end), 17, false);
            if (isWide) {
                line.column(Look.PLAIN, client(end.exchange()), 16, false);
            }
            line.column(Look.STRONG, model(end.answer()), modelWidth(), false)
                    .column(Look.PLAIN, end.status().map(String::valueOf).orElse("-"), 6, true);
            if (isWide) {
                line.column(
                        Look.PLAIN,
                        firstToken.map(time -> millis(time.toMillis())).orElse("-"),
                        8,
                        true);
            }
            line.column(Look.PLAIN, millis(end.duration().toMillis()), 8, true)
                    .column(Look.PLAIN, tokens(end.answer()), 8, true)
                    .add(request(end.exchange()));
        });
    }

    private static String verdict(ExchangeEnd end) {
        return end.verdict().map(TopScreen::words).orElseGet(() -> words(end.outcome()));
    }

    private static Look look(ExchangeEnd end) {
        return switch (verdict(end)) {
            case "complete", "completed" -> Look.GOOD;
            case "client gone" -> Look.PLAIN;
            case "refused", "no terminal event", "shut down" -> Look.WARNING;
            default -> Look.BAD;
        };
    }

    private int modelWidth() {
        return isWide ? 20 : 16;
    }

    private int barsWidth() {
        return isWide ? 20 : 10;
    }

    private void line(Consumer<TopLine> content) {
        TopLine line = new TopLine(form);
        content.accept(line);
        lines.add(line.toString());
    }

    private static String client(Exchange exchange) {
        return exchange.clientName().orElse(exchange.client());
    }

    private static String request(Exchange exchange) {
        return exchange.method() + " " + AccessLogFormat.path(exchange);
    }

    private static String model(Optional<AiAnswer> answer) {
        return answer.flatMap(AiAnswer::model).orElse("-");
    }

    private static String tokens(Optional<AiAnswer> answer) {
        return answer.map(read ->
                        count(Math.max(read.tokenEvents(), read.outputTokens().orElse(0L))))
                .orElse("-");
    }

    private static String words(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String rate(double number) {
        return String.format(Locale.ROOT, "%.1f", number);
    }

    private static String millis(long millis) {
        return millis < 1_000
                ? millis + "ms"
                : millis < 100_000
                        ? String.format(Locale.ROOT, "%.1fs", millis / 1000.0)
                        : age(Duration.ofMillis(millis));
    }

    private static String age(Duration time) {
        if (time.toDays() > 0) {
            return time.toDays() + "d " + time.toHoursPart() + "h";
        }
        if (time.toHours() > 0) {
            return time.toHours() + "h " + time.toMinutesPart() + "m";
        }
        return time.toMinutes() > 0 ? time.toMinutes() + "m " + time.toSecondsPart() + "s" : time.toSeconds() + "s";
    }
}
