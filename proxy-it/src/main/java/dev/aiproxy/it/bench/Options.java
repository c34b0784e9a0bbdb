package dev.aiproxy.it.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the command line asks for. */
record Options(Map<String, String> values) {
    private static final Map<String, String> DEFAULTS = defaults();

    private static Map<String, String> defaults() {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("scenario", "stream,scale,saturation,json,first,upload,download,gone,quiet,startup");
        defaults.put("peers", "all");
        defaults.put("rounds", "3");
        defaults.put("seconds", "1.5");
        defaults.put("warm-up", "8");
        defaults.put("patience", "20");
        defaults.put("streams", "64");
        defaults.put("interval", "10");
        defaults.put("rate", "1500");
        defaults.put("quiet", "1000,4000,8000");
        defaults.put("quiet-for", "35");
        defaults.put("client", "plain");
        defaults.put("streams-each", "32");
        defaults.put("upstream", "plain");
        defaults.put("insight", "on");
        defaults.put("jar", "proxy-launcher/target/proxy-launcher.jar");
        defaults.put("before", "");
        defaults.put("release", "proxy-launcher/target/release");
        defaults.put("configs", "proxy-it/src/bench");
        defaults.put("built", "proxy-it/target/bench");
        defaults.put("jvm-flags", "");
        defaults.put("other-flags", "");
        return defaults;
    }

    static Options parse(String... arguments) {
        Map<String, String> values = new LinkedHashMap<>(DEFAULTS);
        for (int at = 0; at < arguments.length; at += 2) {
            String name = arguments[at].replaceFirst("^--", "");
            if (!DEFAULTS.containsKey(name) || at + 1 == arguments.length) {
                throw new IllegalArgumentException(
                        "cannot use " + arguments[at] + "; known, with defaults:\n" + help());
            }
            values.put(name, arguments[at + 1]);
        }
        requirePositive(values, "streams-each");
        requireOneOf(values, "client", "plain", "h2c");
        requireOneOf(values, "upstream", "plain", "tls", "h2");
        return new Options(values);
    }

    private static void requirePositive(Map<String, String> values, String name) {
        if (!values.get(name).matches("[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException("--" + name + " must be 1 to 999999999, was " + values.get(name));
        }
    }

    private static void requireOneOf(Map<String, String> values, String name, String... known) {
        if (!List.of(known).contains(values.get(name))) {
            throw new IllegalArgumentException(
                    "--" + name + " must be one of " + String.join(", ", known) + ", was " + values.get(name));
        }
    }

    private static String help() {
        return DEFAULTS.entrySet().stream()
                .map(option -> "  --" + option.getKey() + " " + option.getValue())
                .collect(Collectors.joining("\n"));
    }

    List<String> scenarios() {
        return List.of(values.get("scenario").split(","));
    }

    boolean includesPeer(String name) {
        return values.get("peers").equals("all")
                || List.of(values.get("peers").split(",")).contains(name);
    }

    int rounds() {
        return number("rounds");
    }

    /** How long one measurement of one peer takes. */
    long windowNanos() {
        return (long) (Double.parseDouble(values.get("seconds")) * 1e9);
    }

    long warmUpNanos() {
        return (long) (Double.parseDouble(values.get("warm-up")) * 1e9);
    }

    /** How long all in all to wait for others to be quiet. */
    long patienceNanos() {
        return (long) (Double.parseDouble(values.get("patience")) * 1e9);
    }

    int streams() {
        return number("streams");
    }

    /** The time from one event of a stream to the next. */
    long intervalMicros() {
        return (long) (Double.parseDouble(values.get("interval")) * 1000);
    }

    int requestsPerSecond() {
        return number("rate");
    }

    /** How long they have been quiet when memory is measured. */
    long quietNanos() {
        return (long) (Double.parseDouble(values.get("quiet-for")) * 1e9);
    }

    /** The counts of quiet streams to measure memory at, upwards. */
    List<Integer> quietStreams() {
        return List.of(values.get("quiet").split(",")).stream()
                .map(Integer::valueOf)
                .sorted()
                .toList();
    }

    /** Whether our proxy reads answers in passing; with {@code both}, one more does not. */
    boolean readsAnswers() {
        return !values.get("insight").equals("off");
    }

    /** Whether one that does not is to be measured beside the one that does. */
    boolean comparesInsight() {
        return values.get("insight").equals("both");
    }

    ClientProtocol clientProtocol() {
        return values.get("client").equals("h2c")
                ? ClientProtocol.h2c(number("streams-each"))
                : ClientProtocol.HTTP_1_1;
    }

    boolean tlsUpstream() {
        return !values.get("upstream").equals("plain");
    }

    boolean http2Upstream() {
        return values.get("upstream").equals("h2");
    }

    Path jar() {
        return Path.of(values.get("jar")).toAbsolutePath();
    }

    /** Another version of our proxy, to be measured beside the one. */
    Optional<Path> jarBefore() {
        return Optional.of(values.get("before")).filter(text -> !text.isEmpty()).map(text -> Path.of(text)
                .toAbsolutePath());
    }

    /** The release archive, unpacked. */
    Path release() {
        return Path.of(values.get("release")).toAbsolutePath();
    }

    Path configs() {
        return Path.of(values.get("configs"));
    }

    /** The other proxies of Java, each in a folder of its name. */
    Path built() {
        return Path.of(values.get("built")).toAbsolutePath();
    }

    /** The flags every JVM that is measured gets. */
    List<String> jvmFlags() {
        return flags("jvm-flags");
    }

    /** What another one of ours gets in addition; none if there is to be no such one. */
    List<String> otherFlags() {
        return flags("other-flags");
    }

    private List<String> flags(String name) {
        String flags = values.get(name).trim();
        return flags.isEmpty() ? List.of() : List.of(flags.split("\\s+"));
    }

    private int number(String name) {
        return Integer.parseInt(values.get(name));
    }
}
