package dev.aiproxy.launcher;

import ch.qos.logback.core.recovery.RecoveryListener;
import ch.qos.logback.core.recovery.ResilientOutputStreamBase;
import ch.qos.logback.core.rolling.RollingFileAppender;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log file that tells, once, when it cannot be written, on a full disk, say, and counts the lines that are lost. Logback
 * itself tries again, less and less often, and tells nobody. For one thread.
 */
final class WatchedLogFile extends RollingFileAppender<String> implements RecoveryListener {

    private static final Logger logger = LoggerFactory.getLogger(WatchedLogFile.class);

    private final Runnable onLost;
    private boolean isFailing;
    private long lostBefore;
    private long linesLost;

    /** @param onLost called for each line that is lost */
    WatchedLogFile(Runnable onLost) {
        this.onLost = onLost;
    }

    /** Writes a line, or counts it as lost. */
    void write(String line) {
        if (getOutputStream() == null) {
            openAgain();
        }
        boolean wasFailing = isFailing;
        doAppend(line);
        // Logback does not write the line with which it finds that it can.
        if (wasFailing || isFailing) {
            linesLost++;
            onLost.run();
        }
        if (wasFailing && !isFailing) {
            tellRecovery();
        }
    }

    /** Where the next file could not be opened when this one was full or a day old, logback gives up for good. */
    private void openAgain() {
        try {
            openFile(getFile());
            started = true;
            isFailing = false;
            tellRecovery();
        } catch (IOException stillNot) {
            // This has been told.
        }
    }

    @Override
    public void openFile(@Nullable String fileName) throws IOException {
        try {
            super.openFile(fileName);
            ((ResilientOutputStreamBase) getOutputStream()).addRecoveryListener(this);
        } catch (IOException e) {
            newFailure(e);
            throw e;
        }
    }

    @Override
    public void newFailure(IOException cause) {
        if (!isFailing) {
            isFailing = true;
            lostBefore = linesLost;
            logger.warn("{}.log cannot be written, and lacks lines until it can: {}", getName(), cause.getMessage());
        }
    }

    @Override
    public void recoveryOccured() {
        isFailing = false;
    }

    private void tellRecovery() {
        logger.warn("{}.log is written again, and lacks {} lines", getName(), linesLost - lostBefore);
    }
}
