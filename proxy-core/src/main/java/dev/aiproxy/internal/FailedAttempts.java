package dev.aiproxy.internal;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts requests without a valid token, by address and minute.
 *
 * <p>It slows down those who guess and those who retry for ever; a valid token is taken at any time, for many clients may
 * share an address, and a token is too long to be guessed. For any threads.
 */
final class FailedAttempts {

    private static final Logger logger = LoggerFactory.getLogger(FailedAttempts.class);
    private static final int MOST_A_MINUTE = 20;
    private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();

    /** More addresses than that are forgotten together: memory stays bounded whoever asks. */
    private static final int MOST_ADDRESSES = 10_000;

    private record Window(long beganAt, int attempts) {}

    private final LongSupplier nanoClock;
    private final Map<InetAddress, Window> windows = new ConcurrentHashMap<>();

    FailedAttempts(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Counts one more, and tells whether it is above what an address may have in a minute. */
    boolean isOneTooMany(@Nullable InetAddress client) {
        if (client == null) {
            return false;
        }
        if (windows.size() >= MOST_ADDRESSES) {
            windows.clear();
        }
        long now = nanoClock.getAsLong();
        int attempts = windows.merge(client, new Window(now, 1), (window, one) -> next(window, now))
                .attempts();
        if (attempts == MOST_A_MINUTE + 1) {
            logger.warn(
                    "{} sends requests without a valid token, more than {} within a minute",
                    client.getHostAddress(),
                    MOST_A_MINUTE);
        }
        return attempts > MOST_A_MINUTE;
    }

    private static Window next(Window window, long now) {
        return now - window.beganAt() > WINDOW_NANOS
                ? new Window(now, 1)
                : new Window(window.beganAt(), window.attempts() + 1);
    }
}
