package dev.aiproxy.launcher;

import dev.aiproxy.ForwardRule;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The types that settings have. */
final class ValueTypes {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
    private static final Map<String, ChronoUnit> DURATION_UNITS =
            Map.of("ms", ChronoUnit.MILLIS, "s", ChronoUnit.SECONDS, "m", ChronoUnit.MINUTES, "h", ChronoUnit.HOURS);
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})([kmg]?)");
    private static final Map<String, Long> SIZE_UNITS = Map.of("", 1L, "k", 1L << 10, "m", 1L << 20, "g", 1L << 30);
    private static final Pattern WHOLE_NUMBER = Pattern.compile("\\d{1,9}");
    private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9.-]+");

    static final ValueType<String> HOST = new ValueType<>(
            "a host name or an IP address alone, without scheme, port, path or user info", (text, home) -> host(text));

    static final ValueType<Boolean> SWITCH =
            new ValueType<>("true or false", (text, home) -> oneOf(List.of("true", "false"), text)
                    .equals("true"));

    static final ValueType<Duration> DURATION_OR_NONE =
            new ValueType<>("a duration such as 500ms, 10s, 2m or 1h, or none", (text, home) -> duration(text));

    static final ValueType<Path> FOLDER = new ValueType<>("a path of a folder", (text, home) -> path(text, home));

    /** Certificates, read when the setting is, so that a bad file is told together with every other mistake. */
    static final ValueType<List<X509Certificate>> CERTIFICATE_FILE = new ValueType<>(
            "a readable file of certificates in PEM form, or empty for none",
            (text, home) -> text.isEmpty() ? List.of() : CertificateFile.read(path(text, home)));

    static final ValueType<List<ForwardRule>> FORWARD_RULES = new ValueType<>(
            "hosts separated by commas, each host, host:port, *.example.com or *, or empty for none",
            (text, home) -> text.isEmpty() ? List.of() : forwardRules(text));

    static final ValueType<Optional<PemFile>> PRIVATE_KEY_FILE =
            pemFile("a readable file of a private key in PEM form");

    static final ValueType<Optional<PemFile>> AUTHORITY_FILE = pemFile("a readable file of certificates in PEM form");

    /** Any text, which is not shown to anyone. */
    static final ValueType<String> SECRET = ValueType.secret("any text", (text, home) -> text);

    static final ValueType<Optional<Integer>> PORT_OR_OFF = portOrOff();

    private ValueTypes() {}

    /** @param key name of the setting with its private key */
    static ValueType<Optional<PemFile>> certificateChainFile(String key) {
        return pemFile(
                "a readable file of a certificate in PEM form, its chain behind it, that %s fits".formatted(key));
    }

    private static ValueType<Optional<PemFile>> pemFile(String allowed) {
        return new ValueType<>(
                allowed + ", or empty for none",
                (text, home) -> text.isEmpty() ? Optional.empty() : Optional.of(PemFile.read(path(text, home))));
    }

    static ValueType<String> choice(String... values) {
        List<String> choices = List.of(values);
        return new ValueType<>(orList(choices), (text, home) -> oneOf(choices, text));
    }

    static ValueType<Integer> wholeNumber(int least, int most) {
        return new ValueType<>("a whole number from %d to %d".formatted(least, most), (text, home) -> {
            if (!WHOLE_NUMBER.matcher(text).matches()) {
                throw new BadValueException();
            }
            return (int) within(least, most, Integer.parseInt(text));
        });
    }

    /** As a whole number is, or empty for none. */
    private static ValueType<Optional<Integer>> portOrOff() {
        ValueType<Integer> port = wholeNumber(0, 65_535);
        return new ValueType<>(
                port.allowed() + ", or off",
                (text, home) -> text.equals("off") ? Optional.empty() : Optional.of(port.parse(text, home)));
    }

    static ValueType<Integer> sizeInBytes(int least, int most) {
        String allowed = "a size from %d to %d bytes, such as 65536, 64k or 1m".formatted(least, most);
        return new ValueType<>(allowed, (text, home) -> (int) size(least, most, text));
    }

    static ValueType<Long> largeSizeInBytes(long least, long most) {
        String allowed = "a size from %d to %d bytes, such as 64k, 50m or 1g".formatted(least, most);
        return new ValueType<>(allowed, (text, home) -> size(least, most, text));
    }

    private static long size(long least, long most, String text) throws BadValueException {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new BadValueException();
        }
        return within(least, most, Long.parseLong(size.group(1)) * SIZE_UNITS.get(size.group(2)));
    }

    private static String host(String text) throws BadValueException {
        String host = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        boolean fine = host.contains(":") ? isIpv6(host) : isHostName(host);
        if (!fine) {
            throw new BadValueException();
        }
        return host;
    }

    private static boolean isHostName(String host) {
        // URI has the last word: what it does not take for a host could not be a target.
        return HOST_NAME.matcher(host).matches()
                && host.equals(URI.create("http://" + host).getHost());
    }

    private static boolean isIpv6(String host) {
        try {
            // A text with colons is never looked up: it is an address or an error.
            return InetAddress.getByName("[" + host + "]") != null;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static List<ForwardRule> forwardRules(String text) throws BadValueException {
        List<ForwardRule> rules = new ArrayList<>();
        for (String rule : text.split(",", -1)) {
            try {
                rules.add(ForwardRule.of(rule));
            } catch (IllegalArgumentException e) {
                throw new BadValueException("'" + Shown.value(rule.strip()) + "' is none", e);
            }
        }
        return List.copyOf(rules);
    }

    private static String oneOf(List<String> choices, String text) throws BadValueException {
        if (!choices.contains(text)) {
            throw new BadValueException();
        }
        return text;
    }

    private static String orList(List<String> choices) {
        int last = choices.size() - 1;
        return String.join(", ", choices.subList(0, last)) + " or " + choices.get(last);
    }

    private static Duration duration(String text) throws BadValueException {
        if (text.equals("none")) {
            return Duration.ZERO;
        }
        Matcher duration = DURATION.matcher(text);
        if (!duration.matches()) {
            throw new BadValueException();
        }
        return Duration.of(Long.parseLong(duration.group(1)), DURATION_UNITS.get(duration.group(2)));
    }

    private static Path path(String text, Path home) throws BadValueException {
        if (text.isEmpty()) {
            throw new BadValueException();
        }
        try {
            return home.resolve(text).normalize();
        } catch (InvalidPathException e) {
            throw new BadValueException(e.getReason(), e);
        }
    }

    private static long within(long least, long most, long value) throws BadValueException {
        if (value < least || value > most) {
            throw new BadValueException();
        }
        return value;
    }
}
