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

    private enum State {
        WRITTEN,
        FAILING,
        /** Opened again; the next line shows what that is worth. */
        TRIED
    }

    private final Runnable onLost;
    private State state = State.WRITTEN;
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
        State before = state;
        doAppend(line);
        if (state == State.FAILING || state != before && state == State.TRIED) {
            // Logback does not write the line with which it tries again, either.
            linesLost++;
            onLost.run();
        } else if (state == State.TRIED) {
            state = State.WRITTEN;
            logger.warn("{}.log is written again, and lacks {} lines", getName(), linesLost - lostBefore);
        }
    }

    /** Where the next file could not be opened when this one was full or a day old, logback gives up for good. */
    private void openAgain() {
        try {
            openFile(getFile());
            started = true;
            state = State.TRIED;
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
        if (state == State.WRITTEN) {
            lostBefore = linesLost;
            logger.warn("{}.log cannot be written, and lacks lines until it can: {}", getName(), cause.getMessage());
        }
        state = State.FAILING;
    }

    /** A full disk lets a file be opened, and a buffer be filled; what has become of it shows when that is written. */
    @Override
    public void recoveryOccured() {
        state = State.TRIED;
    }
}
