package dev.aiproxy.launcher;

import dev.aiproxy.ForwardProxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The types of the settings about the proxy on the way to the AI server. */
final class UpstreamProxyTypes {

    private static final String FORM =
            "http://host:port, https://host:port or socks5://host:port, with user:password@ in"
                    + " front of the host if need be, their special characters as in %40";

    /** Shown without user and password. */
    static final ValueType<Optional<URI>> PROXY = new ValueType<>(
            FORM + ", or empty for none",
            (text, home) -> text.isEmpty() ? Optional.empty() : Optional.of(proxy(text)),
            Shown::value);

    static final ValueType<Optional<URI>> PROXY_FILE = new ValueType<>(
            "a readable file with " + FORM + " on its only line, or empty for none",
            (text, home) ->
                    text.isEmpty() ? Optional.empty() : Optional.of(onlyLine(SettingFile.bytes(home.resolve(text)))));

    /** Read in full only where there is a proxy: the environment of many a machine has a NO_PROXY for other programs. */
    static final ValueType<List<String>> RULES = new ValueType<>(
            "hosts separated by commas, each example.com, .example.com, host:port, an address, a block such as 10.0.0.0/8, or"
                    + " *, or empty for none",
            (text, home) -> Stream.of(text.split("[,\\s]+"))
                    .filter(rule -> !rule.isEmpty())
                    .toList());

    private UpstreamProxyTypes() {}

    private static URI onlyLine(byte[] content) throws BadValueException {
        String text = new String(content, StandardCharsets.UTF_8).strip();
        if (text.isEmpty()) {
            throw new BadValueException("it is empty");
        }
        return proxy(text);
    }

    private static URI proxy(String text) throws BadValueException {
        try {
            URI proxy = new URI(text);
            // The library has the last word; its messages hold no secret.
            ForwardProxy.builder().upstreamProxy(proxy);
            return proxy;
        } catch (URISyntaxException e) {
            // Whose message holds the text.
            throw new BadValueException("it has characters that a URI has not");
        } catch (IllegalArgumentException e) {
            throw new BadValueException(e.getMessage(), e);
        }
    }
}
