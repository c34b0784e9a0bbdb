package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.aiproxy.PortSharing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many restarts by the jar, while many use the proxy. */
@Timeout(600)
final class RestartUnderLoadIT {
    private static final int RESTARTS = 10;
    private static final int STREAMS = 500;
    private static final int REQUESTS_PER_SECOND = 200;
    private static final Duration LONG = Duration.ofSeconds(60);

    private int port;

    @TempDir
    Path home;

    @BeforeEach
    void choosePort() throws IOException {
        assumeThat(PortSharing.isSupported()).as("ports can be shared").isTrue();
        port = FreePort.any();
    }

    @AfterEach
    void stop() {
        Verb.run(home, "stop", "--now");
    }

    private void configure(int target) throws IOException {
        Files.writeString(
                home.resolve("config.env"),
                "TARGET_PROTOCOL=http\nTARGET_HOST=127.0.0.1\nTARGET_PORT=" + target
                        + "\nLISTEN_HOST=127.0.0.1\nLISTEN_PORT=" + port + "\n");
    }

    private InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** With a pause between restarts that is shorter than a stream, so that several old processes drain at once. */
    @Test
    void losesNothingInTenRestartsUnderLoad() throws Exception {
        List<Long> pids = new ArrayList<>();
        try (SteadyUpstream steady = SteadyUpstream.start()) {
            configure(steady.port());
            pids.add(Restarts.pid(Verb.run(home, "start").out()));
            restartUnderLoad(pids);
        }
        assertThat(pids).doesNotHaveDuplicates();
        long last = pids.remove(RESTARTS);
        Eventually.await("the old processes to end", LONG, () -> pids.stream().noneMatch(Restarts::isAlive));
        assertThat(Restarts.isAlive(last)).isTrue();
        assertThat(Restarts.stateFiles(home)).containsExactly(home.resolve("proxy.state"));
    }

    private void restartUnderLoad(List<Long> pids) throws Exception {
        try (SteadyLoad load = SteadyLoad.start(address(), STREAMS, REQUESTS_PER_SECOND)) {
            Eventually.await("all streams", LONG, () -> load.streamsNow() == STREAMS);
            for (int restart = 0; restart < RESTARTS; restart++) {
                try (LauncherProcess verb = LauncherProcess.start(home, Map.of(), "restart")) {
                    assertThat(verb.awaitExit(LONG)).as(verb.err()).isZero();
                    pids.add(Restarts.pid(verb.out()));
                }
                assertThat(load.failures()).isEmpty();
            }
            load.finish();
            System.out.println("restarts under load: " + load);
            assertThat(load.failures()).isEmpty();
            assertThat(load.unaccepted()).isLessThanOrEqualTo(mostUnaccepted());
        }
    }

    /** One may come between the last accept and the closing, unless the kernel hands it on to the other socket. */
    private static int mostUnaccepted() throws IOException {
        Path migration = Path.of("/proc/sys/net/ipv4/tcp_migrate_req");
        boolean isMigrated =
                Files.exists(migration) && Files.readString(migration).strip().equals("1");
        return isMigrated ? 0 : 1;
    }
}
