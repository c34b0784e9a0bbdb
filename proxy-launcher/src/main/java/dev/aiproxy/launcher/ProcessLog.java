package dev.aiproxy.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** {@code proxy.log}: what the proxy has to say about itself. Goes on until closed. For one thread at a time. */
final class ProcessLog implements AutoCloseable {

    /** Of the file, without {@code .log}. */
    static final String NAME = "proxy";

    private static final String LINE = "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSS'Z'\",UTC} %-5level [%thread] %logger{36}: "
            + LogbackSetup.ONE_LINE + "%n%ex";

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private @Nullable RollingFileAppender<ILoggingEvent> file;
    private @Nullable Path folder;

    private ProcessLog() {}

    /** @throws InvalidSettingsException if the file cannot be written */
    static ProcessLog open(Settings settings) {
        ProcessLog log = new ProcessLog();
        log.change(settings);
        return log;
    }

    /**
     * Writes as these settings say from now on.
     *
     * @throws InvalidSettingsException if the file cannot be written
     */
    void change(Settings settings) {
        if (LogbackSetup.isLeftToFile()) {
            return;
        }
        if (!settings.get(ConfigKey.LOG_DIR).equals(folder)) {
            reopen(settings);
        }
        Level level = Level.valueOf(settings.get(ConfigKey.LOG_LEVEL));
        root().setLevel(level);
        context.getLogger(LogbackSetup.JETTY).setLevel(jettyLevel(level));
    }

    private void reopen(Settings settings) {
        RollingFileAppender<ILoggingEvent> opened = RollingFile.open(
                new RollingFileAppender<ILoggingEvent>(),
                context,
                settings,
                NAME,
                LogRetention.STANDARD,
                LogbackSetup.encoder(context, LINE));
        root().addAppender(opened);
        close();
        file = opened;
        folder = settings.get(ConfigKey.LOG_DIR);
    }

    private Logger root() {
        return context.getLogger(Logger.ROOT_LOGGER_NAME);
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
        RollingFileAppender<ILoggingEvent> open = file;
        if (open != null) {
            root().detachAppender(open);
            open.stop();
        }
    }
}
