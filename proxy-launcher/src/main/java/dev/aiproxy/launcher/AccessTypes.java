package dev.aiproxy.launcher;

import dev.aiproxy.ForwardProxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The types of the settings about who may use the proxy, and as whom it speaks to the AI server. */
final class AccessTypes {

    static final ValueType<List<String>> ADDRESSES = new ValueType<>(
            "addresses such as 192.0.2.7 or blocks of them such as 192.0.2.0/24 and fd00::/8, with commas between them, or"
                    + " empty for everyone",
            (text, home) -> addresses(text));

    static final ValueType<Map<String, String>> TOKENS = ValueType.secret(
            "pairs such as ann:TOKEN or ann:sha256:HASH, with commas between them, or empty for none",
            (text, home) -> text.isEmpty() ? Map.of() : tokens(items(text)));

    static final ValueType<Map<String, String>> TOKEN_FILE = new ValueType<>(
            "a readable file with pairs such as ann:TOKEN or ann:sha256:HASH, one a line, or empty for none",
            (text, home) -> text.isEmpty() ? Map.of() : tokens(lines(home.resolve(text))));

    static final ValueType<String> API_KEY = ValueType.secret(
            "a key of visible characters on one line, or empty for none", (text, home) -> apiKey(text));

    static final ValueType<String> API_KEY_FILE = new ValueType<>(
            "a readable file with the key on its only line, or empty for none",
            (text, home) -> text.isEmpty() ? "" : onlyLine(home.resolve(text)));

    static final ValueType<String> FIELD_NAME = new ValueType<>("the name of a header field", (text, home) -> {
        checked(() -> ForwardProxy.builder().targetApiKey(text, "x"));
        return text;
    });

    private AccessTypes() {}

    private static List<String> addresses(String text) throws BadValueException {
        List<String> addresses = items(text).toList();
        for (String address : addresses) {
            try {
                ForwardProxy.builder().allowedClients(List.of(address));
            } catch (IllegalArgumentException e) {
                throw new BadValueException("'" + Shown.value(address) + "' is none", e);
            }
        }
        return addresses;
    }

    private static Stream<String> items(String text) {
        return Stream.of(text.split(",")).map(String::trim).filter(item -> !item.isEmpty());
    }

    private static Stream<String> lines(Path file) throws BadValueException {
        return text(file).lines().map(String::trim).filter(line -> !line.isEmpty() && !line.startsWith("#"));
    }

    private static Map<String, String> tokens(Stream<String> pairs) throws BadValueException {
        Map<String, String> tokens = new LinkedHashMap<>();
        for (String pair : pairs.toList()) {
            int colon = pair.indexOf(':');
            if (colon < 1) {
                throw new BadValueException("pair %d has no name".formatted(tokens.size() + 1));
            }
            String name = pair.substring(0, colon);
            if (tokens.put(name, pair.substring(colon + 1)) != null) {
                throw new BadValueException("two tokens have the same name");
            }
        }
        if (tokens.isEmpty()) {
            // Whoever sets this does not want to let in everyone.
            throw new BadValueException("there is no token in it");
        }
        checked(() -> ForwardProxy.builder().proxyTokens(tokens));
        return tokens;
    }

    private static String text(Path file) throws BadValueException {
        return new String(SettingFile.bytes(file), StandardCharsets.UTF_8);
    }

    private static String onlyLine(Path file) throws BadValueException {
        String text = text(file).strip();
        if (text.isEmpty()) {
            throw new BadValueException("it is empty");
        }
        return apiKey(text);
    }

    private static String apiKey(String text) throws BadValueException {
        if (text.chars().anyMatch(Character::isWhitespace)) {
            throw new BadValueException("there is a blank in it; a remark needs a line of its own");
        }
        if (!text.isEmpty()) {
            checked(() -> ForwardProxy.builder().targetApiKey("x-api-key", text));
        }
        return text;
    }

    /** The library has the last word; its messages hold no secret. */
    private static void checked(Runnable check) throws BadValueException {
        try {
            check.run();
        } catch (IllegalArgumentException e) {
            throw new BadValueException(e.getMessage(), e);
        }
    }
}
