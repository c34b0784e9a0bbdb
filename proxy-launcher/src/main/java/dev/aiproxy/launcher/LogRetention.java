package dev.aiproxy.launcher;

import java.util.List;

/**
 * When a log file begins anew, besides each midnight, and what is kept of the old ones.
 *
 * @param fileBytes size at which it begins anew
 * @param days how many days are kept
 * @param keptBytes how much is kept of all days, compressed; not less than {@code fileBytes}
 */
record LogRetention(long fileBytes, int days, long keptBytes) {

    /** What {@code proxy.log} has. */
    static final LogRetention STANDARD = new LogRetention(50L << 20, 14, 1L << 30);

    /** What the settings say of {@code access.log}. */
    static LogRetention ofAccessLog(Settings settings) {
        return new LogRetention(
                settings.get(ConfigKey.ACCESS_LOG_MAX_SIZE),
                settings.get(ConfigKey.ACCESS_LOG_KEEP_DAYS),
                settings.get(ConfigKey.ACCESS_LOG_KEEP_SIZE));
    }

    /** What contradicts what, one line each. */
    static List<String> problems(Settings settings) {
        LogRetention retention = ofAccessLog(settings);
        if (retention.keptBytes >= retention.fileBytes) {
            return List.of();
        }
        return List.of("ACCESS_LOG_KEEP_SIZE is '%s', must not be less than ACCESS_LOG_MAX_SIZE, which is '%s'"
                .formatted(
                        settings.written(ConfigKey.ACCESS_LOG_KEEP_SIZE).text(),
                        settings.written(ConfigKey.ACCESS_LOG_MAX_SIZE).text()));
    }
}
