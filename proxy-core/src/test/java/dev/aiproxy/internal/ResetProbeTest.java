package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ResetProbeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ResetProbe probe = new ResetProbe();
    private final AtomicInteger told = new AtomicInteger();
    private SocketChannel peer;
    private SocketChannel channel;

    @BeforeEach
    void connect() throws Exception {
        probe.start();
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            peer = SocketChannel.open(listener.getLocalAddress());
            channel = listener.accept();
            channel.configureBlocking(false);
        }
    }

    @AfterEach
    void stop() throws Exception {
        peer.close();
        channel.close();
        probe.stop();
    }

    @Test
    void tellsOfAResetOnce() throws IOException {
        assertThat(probe.watch(channel, told::incrementAndGet)).isTrue();
        probe.look();
        assertThat(told).hasValue(0);

        reset();

        probe.look();
        probe.look();
        assertThat(told).hasValue(1);
    }

    @Test
    void saysThatItHasToBeAskedAgainWhenItHasJustToldSomebodyElse() throws IOException {
        probe.watch(channel, () -> {});
        probe.watch(channel, told::incrementAndGet);
        reset();
        probe.look();
        assertThat(told).hasValue(1);

        assertThat(probe.watch(channel, told::incrementAndGet)).isFalse();
        probe.look();

        assertThat(probe.watch(channel, told::incrementAndGet)).isTrue();
        probe.look();
        assertThat(told).hasValue(2);
    }

    private void reset() throws IOException {
        peer.setOption(StandardSocketOptions.SO_LINGER, 0);
        peer.close();
        Eventually.await("the reset to arrive", PATIENCE, () -> ResetProbe.isReset(channel));
    }
}
