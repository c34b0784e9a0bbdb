package dev.aiproxy.launcher;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code --target}: the three settings of a target as the URL people have at hand. */
final class TargetFlag {

    static final String NAME = "--target";

    private TargetFlag() {}

    /**
     * The settings that the URL means, by name; their values are yet to be checked.
     *
     * @throws InvalidSettingsException if it is no URL of a server
     */
    static Map<String, SettingText> settings(String url) {
        URI uri = uri(url);
        Map<String, SettingText> settings = new LinkedHashMap<>();
        put(settings, ConfigKey.TARGET_PROTOCOL, uri.getScheme());
        put(settings, ConfigKey.TARGET_HOST, uri.getHost());
        if (uri.getPort() >= 0) {
            put(settings, ConfigKey.TARGET_PORT, Integer.toString(uri.getPort()));
        }
        return settings;
    }

    private static URI uri(String url) {
        try {
            URI uri = URI.create(url);
            boolean isServer = uri.getHost() != null && uri.getScheme() != null && uri.getUserInfo() == null;
            boolean hasMore = uri.getQuery() != null || uri.getFragment() != null || !isRoot(uri.getPath());
            if (isServer && !hasMore) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw problem(url);
        }
        throw problem(url);
    }

    private static boolean isRoot(String path) {
        return path.isEmpty() || path.equals("/");
    }

    private static InvalidSettingsException problem(String url) {
        return new InvalidSettingsException(
                "flag %s is '%s', must be the URL of a server, such as %s; paths such as /v1"
                                .formatted(NAME, Shown.value(url), "https://api.openai.com or http://localhost:11434")
                        + " come from the clients");
    }

    private static void put(Map<String, SettingText> settings, ConfigKey<?> key, String value) {
        settings.put(key.name(), new SettingText(value, Origin.flag(NAME)));
    }
}
