package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PortCheckTest {

    @Test
    void hasNothingAgainstAFreePort() {
        assertThat(PortCheck.problem("127.0.0.1", 0)).isEmpty();
    }

    @Test
    void namesWhoHasThePort() throws IOException {
        assumeTrue(Files.exists(Path.of("/proc/net/tcp")), "there is no /proc");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(PortCheck.problem("127.0.0.1", taken.getLocalPort()))
                    .get()
                    .asString()
                    .startsWith(
                            "address in use by PID " + ProcessHandle.current().pid() + " (")
                    .endsWith("java); choose another LISTEN_PORT or stop the other process");
        }
    }

    @Test
    void saysThatAnAddressIsNotOfThisMachine() {
        // RFC 5737: for documentation, so no machine has it.
        assertThat(PortCheck.problem("192.0.2.1", 0)).contains("not an address of this machine; choose one that is");
    }
}
