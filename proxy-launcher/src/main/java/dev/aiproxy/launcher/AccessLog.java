package dev.aiproxy.launcher;

import ch.qos.logback.core.Context;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ExchangeListener;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code access.log}: one line for each exchange when it is over.
 *
 * <p>The threads that move bytes only put the end into a {@link DroppingQueue}; formatting and writing is another
 * thread's work. A disk that cannot keep up, or takes nothing at all, costs lines and a warning, but never a stream's time.
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
        return new AccessLog(book, DroppingQueue.start("access-log", MOST_WAITING, book::write, book::onDropped));
    }

    /** Writes what ends from now on as other settings say. */
    void change(Settings changed) {
        book.change(changed);
    }

    /** How many exchanges have no line, since the start: those that came too fast, and those that could not be written. */
    long linesLost() {
        return book.linesLost();
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

        private final AtomicLong linesLost = new AtomicLong();
        private Path folder;
        private LogRetention retention;
        private AccessLogFormat format;
        private WatchedLogFile file;

        Book(Settings settings) {
            folder = settings.get(ConfigKey.LOG_DIR);
            retention = LogRetention.ofAccessLog(settings);
            format = format(settings);
            file = file(settings);
        }

        private static AccessLogFormat format(Settings settings) {
            return AccessLogFormat.valueOf(settings.get(ConfigKey.LOG_FORMAT).toUpperCase(Locale.ROOT));
        }

        private WatchedLogFile file(Settings settings) {
            return RollingFile.open(
                    new WatchedLogFile(linesLost::incrementAndGet),
                    (Context) LoggerFactory.getILoggerFactory(),
                    settings,
                    NAME,
                    LogRetention.ofAccessLog(settings),
                    new LineEncoder());
        }

        synchronized void write(ExchangeEnd end) {
            file.write(format.line(end));
        }

        void onDropped(long count) {
            linesLost.addAndGet(count);
            logger.warn("access.log lacks {} lines: they came faster than the disk took them", count);
        }

        /** Without the lock, which whoever writes to a stuck disk holds for as long. */
        long linesLost() {
            return linesLost.get();
        }

        synchronized void change(Settings changed) {
            format = format(changed);
            if (!folder.equals(changed.get(ConfigKey.LOG_DIR))) {
                WatchedLogFile opened = file(changed);
                file.stop();
                file = opened;
            } else if (!retention.equals(LogRetention.ofAccessLog(changed))) {
                // logback lets nobody open a file twice.
                file.stop();
                file = file(changed);
            }
            folder = changed.get(ConfigKey.LOG_DIR);
            retention = LogRetention.ofAccessLog(changed);
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
