package dev.aiproxy.launcher;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * What the doctor has found out by one look.
 *
 * @param check what was looked at, in a word or three
 * @param verdict what it means for whoever uses the proxy
 * @param found what there is, in one line
 * @param advice what to do about it, if there is anything
 * @param took how long it took, where that tells something
 */
record Finding(String check, Verdict verdict, String found, Optional<String> advice, Optional<Duration> took) {

    /** From fine to broken; and what could not be looked at, which is neither. */
    enum Verdict {
        OK,
        WARN,
        FAIL,
        SKIP
    }

    /** Texts that come from elsewhere stay on their line. */
    Finding {
        found = Shown.oneLine(found);
        advice = advice.map(Shown::oneLine);
    }

    static Finding ok(String check, String found) {
        return new Finding(check, Verdict.OK, found, Optional.empty(), Optional.empty());
    }

    static Finding warn(String check, String found, String advice) {
        return new Finding(check, Verdict.WARN, found, Optional.of(advice), Optional.empty());
    }

    static Finding fail(String check, String found, String advice) {
        return new Finding(check, Verdict.FAIL, found, Optional.of(advice), Optional.empty());
    }

    static Finding skip(String check, String why) {
        return new Finding(check, Verdict.SKIP, why, Optional.empty(), Optional.empty());
    }

    /** The same, with how long it has taken since a moment of {@link System#nanoTime}. */
    Finding since(long startNanos) {
        return new Finding(
                check, verdict, found, advice, Optional.of(Duration.ofNanos(System.nanoTime() - startNanos)));
    }

    boolean isFailure() {
        return verdict == Verdict.FAIL;
    }

    /** For people: a line, and one for what to do. */
    String text() {
        String time = took.map(taken -> " (" + taken.toMillis() + " ms)").orElse("");
        String line = "%-4s  %-11s %s%s".formatted(word(), check, found, time);
        return advice.map(todo -> line + System.lineSeparator() + "      " + " ".repeat(12) + "> " + todo)
                .orElse(line);
    }

    /** For programs. */
    String json() {
        JsonObject json =
                new JsonObject().text("check", check).text("verdict", word()).text("found", found);
        advice.ifPresent(todo -> json.text("advice", todo));
        took.ifPresent(time -> json.number("ms", time.toMillis()));
        return json.toString();
    }

    private String word() {
        return verdict.name().toLowerCase(Locale.ROOT);
    }
}
