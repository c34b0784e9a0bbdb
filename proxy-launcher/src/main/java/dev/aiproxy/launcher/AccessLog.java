package dev.aiproxy.launcher;

import ch.qos.logback.core.Context;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.rolling.RollingFileAppender;
import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ExchangeListener;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code access.log}: one line for each exchange when it is over.
 *
 * <p>The threads that move bytes only put the end into a {@link DroppingQueue}; formatting and writing is another
 * thread's work. A disk that cannot keep up costs lines, and a warning that tells how many, but never a stream's time.
 */
final class AccessLog implements ExchangeListener, AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(AccessLog.class);
    private static final int MOST_WAITING = 8192;

    private final DroppingQueue<ExchangeEnd> ends;
    private final Runnable closeFile;

    private AccessLog(DroppingQueue<ExchangeEnd> ends, Runnable closeFile) {
        this.ends = ends;
        this.closeFile = closeFile;
    }

    /** @throws InvalidSettingsException if the file cannot be written */
    static AccessLog open(Settings settings) {
        AccessLogFormat format =
                AccessLogFormat.valueOf(settings.get(ConfigKey.LOG_FORMAT).toUpperCase(Locale.ROOT));
        RollingFileAppender<String> file = RollingFile.open(
                (Context) LoggerFactory.getILoggerFactory(),
                settings.written(ConfigKey.LOG_DIR),
                settings.get(ConfigKey.LOG_DIR),
                "access",
                new LineEncoder());
        Consumer<ExchangeEnd> write = end -> file.doAppend(format.line(end));
        return new AccessLog(DroppingQueue.start("access-log", MOST_WAITING, write, AccessLog::warn), file::stop);
    }

    private static void warn(long dropped) {
        logger.warn("access.log lacks {} lines: they came faster than the disk took them", dropped);
    }

    @Override
    public void onEnd(ExchangeEnd end) {
        ends.offer(end);
    }

    /** Writes what waits, then closes the file. */
    @Override
    public void close() {
        ends.close();
        closeFile.run();
    }

    private static final class LineEncoder extends EncoderBase<String> {

        @Override
        public byte[] headerBytes() {
            return new byte[0];
        }

        @Override
        public byte[] encode(String line) {
            return (line + "\n").getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public byte[] footerBytes() {
            return new byte[0];
        }
    }
}
