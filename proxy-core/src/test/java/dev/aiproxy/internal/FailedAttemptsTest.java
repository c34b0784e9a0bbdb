package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class FailedAttemptsTest {

    private final AtomicLong nanos = new AtomicLong(-5);
    private final FailedAttempts attempts = new FailedAttempts(nanos::get);

    private static InetAddress address(int number) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number});
    }

    private int allowedOf(int tries, InetAddress client) {
        int allowed = 0;
        for (int number = 0; number < tries; number++) {
            allowed += attempts.isOneTooMany(client) ? 0 : 1;
        }
        return allowed;
    }

    @Test
    void allowsTwentyAMinuteForEachAddress() throws UnknownHostException {
        assertThat(allowedOf(30, address(1))).isEqualTo(20);
        assertThat(allowedOf(30, address(2))).isEqualTo(20);
    }

    @Test
    void beginsAnewAfterAMinute() throws UnknownHostException {
        allowedOf(30, address(1));

        nanos.addAndGet(Duration.ofSeconds(61).toNanos());

        assertThat(allowedOf(30, address(1))).isEqualTo(20);
    }

    @Test
    void remembersABoundedNumberOfAddresses() throws UnknownHostException {
        allowedOf(30, address(0));
        for (int number = 1; number < 10_001; number++) {
            attempts.isOneTooMany(address(number));
        }

        assertThat(attempts.isOneTooMany(address(0))).isFalse();
    }
}
