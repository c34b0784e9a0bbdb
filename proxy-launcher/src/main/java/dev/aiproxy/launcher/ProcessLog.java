package dev.aiproxy.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import org.slf4j.LoggerFactory;

/** {@code proxy.log}: what the proxy has to say about itself. Goes on until closed. */
final class ProcessLog implements AutoCloseable {

    private static final String LINE = "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSS'Z'\",UTC} %-5level [%thread] %logger{36}: "
            + LogbackSetup.ONE_LINE + "%n%ex";

    private final Runnable close;

    private ProcessLog(Runnable close) {
        this.close = close;
    }

    /** @throws InvalidSettingsException if the file cannot be written */
    static ProcessLog open(Settings settings) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        if (LogbackSetup.isLeftToFile()) {
            return new ProcessLog(() -> {});
        }
        RollingFileAppender<ILoggingEvent> file = RollingFile.open(
                context,
                settings.written(ConfigKey.LOG_DIR),
                settings.get(ConfigKey.LOG_DIR),
                "proxy",
                LogbackSetup.encoder(context, LINE));
        Level level = Level.valueOf(settings.get(ConfigKey.LOG_LEVEL));
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(level);
        root.addAppender(file);
        context.getLogger(LogbackSetup.JETTY).setLevel(jettyLevel(level));
        return new ProcessLog(() -> {
            root.detachAppender(file);
            file.stop();
        });
    }

    /** Jetty at DEBUG logs whole heads, keys and all: it never gets there. */
    private static Level jettyLevel(Level level) {
        if (level == Level.DEBUG) {
            return Level.INFO;
        }
        return level == Level.INFO ? Level.WARN : level;
    }

    @Override
    public void close() {
        close.run();
    }
}
