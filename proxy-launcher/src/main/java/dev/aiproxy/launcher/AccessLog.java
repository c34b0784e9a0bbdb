package dev.aiproxy.launcher;

import ch.qos.logback.core.Context;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.rolling.RollingFileAppender;
import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ExchangeListener;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code access.log}: one line for each exchange when it is over.
 *
 * <p>The threads that move bytes only put the end into a {@link DroppingQueue}; formatting and writing is another
 * thread's work. A disk that cannot keep up costs lines, and a warning that tells how many, but never a stream's time.
 */
final class AccessLog implements ExchangeListener, AutoCloseable {

    /** Of the file, without {@code .log}. */
    static final String NAME = "access";

    private static final Logger logger = LoggerFactory.getLogger(AccessLog.class);
    private static final int MOST_WAITING = 8192;

    private final Book book;
    private final DroppingQueue<ExchangeEnd> ends;

    private AccessLog(Book book, DroppingQueue<ExchangeEnd> ends) {
        this.book = book;
        this.ends = ends;
    }

    /** @throws InvalidSettingsException if the file cannot be written */
    static AccessLog open(Settings settings) {
        Book book = new Book(settings);
        return new AccessLog(book, DroppingQueue.start("access-log", MOST_WAITING, book::write, AccessLog::warn));
    }

    /** Writes what ends from now on as other settings say. */
    void change(Settings changed) {
        book.change(changed);
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
        book.close();
    }

    /** A file and the form of its lines; its lock is held by the thread that writes, and by whoever changes the book. */
    private static final class Book {

        private Path folder;
        private AccessLogFormat format;
        private RollingFileAppender<String> file;

        Book(Settings settings) {
            folder = settings.get(ConfigKey.LOG_DIR);
            format = format(settings);
            file = file(settings);
        }

        private static AccessLogFormat format(Settings settings) {
            return AccessLogFormat.valueOf(settings.get(ConfigKey.LOG_FORMAT).toUpperCase(Locale.ROOT));
        }

        private static RollingFileAppender<String> file(Settings settings) {
            return RollingFile.open(
                    (Context) LoggerFactory.getILoggerFactory(),
                    settings.written(ConfigKey.LOG_DIR),
                    settings.get(ConfigKey.LOG_DIR),
                    NAME,
                    new LineEncoder());
        }

        synchronized void write(ExchangeEnd end) {
            file.doAppend(format.line(end));
        }

        synchronized void change(Settings changed) {
            format = format(changed);
            if (!folder.equals(changed.get(ConfigKey.LOG_DIR))) {
                RollingFileAppender<String> before = file;
                file = file(changed);
                before.stop();
                folder = changed.get(ConfigKey.LOG_DIR);
            }
        }

        synchronized void close() {
            file.stop();
        }
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
