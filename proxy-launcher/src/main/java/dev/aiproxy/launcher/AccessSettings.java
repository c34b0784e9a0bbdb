package dev.aiproxy.launcher;

import dev.aiproxy.ForwardProxyBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the settings about access mean together: none contradicts another, and each finds its way to the builder. */
final class AccessSettings {

    private AccessSettings() {}

    /** What contradicts what, one line each. */
    static List<String> problems(Settings settings) {
        List<String> problems = new ArrayList<>();
        if (!settings.get(ConfigKey.TARGET_API_KEY).isEmpty()
                && !settings.get(ConfigKey.TARGET_API_KEY_FILE).isEmpty()) {
            problems.add("TARGET_API_KEY and TARGET_API_KEY_FILE are both set; keep one of them");
        }
        for (String name : settings.get(ConfigKey.PROXY_TOKENS_FILE).keySet()) {
            if (settings.get(ConfigKey.PROXY_TOKENS).containsKey(name)) {
                problems.add("PROXY_TOKENS and PROXY_TOKENS_FILE both have a token for " + name + "; keep one of them");
            }
        }
        return problems;
    }

    /** Files with secrets that others on this machine can read, one line each. */
    static List<String> warnings(Settings settings, Path home) {
        List<String> warnings = new ArrayList<>();
        for (ConfigKey<?> key :
                List.of(ConfigKey.PROXY_TOKENS_FILE, ConfigKey.TARGET_API_KEY_FILE, ConfigKey.UPSTREAM_PROXY_FILE)) {
            String file = settings.written(key).text();
            if (!file.isEmpty() && isReadableByAll(home.resolve(file))) {
                warnings.add("warning: %s %s can be read by everyone on this machine; chmod 600 it"
                        .formatted(key, Shown.oneLine(file)));
            }
        }
        ConfigKey.ALL.stream()
                .filter(key -> key.isSecret(settings.written(key).text()))
                .flatMap(key -> settings.written(key).origin().file().stream())
                .distinct()
                .filter(AccessSettings::isReadableByAll)
                .map(file -> "warning: %s holds a secret and can be read by everyone on this machine; chmod 600 it"
                        .formatted(Shown.oneLine(file.toString())))
                .forEach(warnings::add);
        return warnings;
    }

    private static boolean isReadableByAll(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }

    static ForwardProxyBuilder carry(Settings settings, ForwardProxyBuilder builder) {
        Map<String, String> tokens = new HashMap<>(settings.get(ConfigKey.PROXY_TOKENS));
        tokens.putAll(settings.get(ConfigKey.PROXY_TOKENS_FILE));
        builder.allowedClients(settings.get(ConfigKey.ALLOWED_CLIENTS)).proxyTokens(tokens);
        // One of the two is empty.
        String key = settings.get(ConfigKey.TARGET_API_KEY) + settings.get(ConfigKey.TARGET_API_KEY_FILE);
        if (!key.isEmpty()) {
            String header = settings.get(ConfigKey.TARGET_API_KEY_HEADER);
            builder.targetApiKey(header, header.equalsIgnoreCase("Authorization") ? "Bearer " + key : key);
        }
        return builder;
    }
}
