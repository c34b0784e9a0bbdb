package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.aiproxy.ForwardProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShowIpCommandTest {

    @TempDir
    private Path home;

    @BeforeEach
    void choosePort() throws IOException {
        Files.writeString(home.resolve("config.env"), "LISTEN_PORT=9123\n");
    }

    @Test
    void showsEachAddressOfTheMachine() {
        Program.Result result = Program.in(home).run("show-ip");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("http://127.0.0.1:9123 ").doesNotContain("not reachable", "%");
        LocalAddress.all().forEach(local -> assertThat(result.out()).contains(IpText.of(local.address())));
    }

    @Test
    void marksWhatIsNotListenedOn() throws IOException {
        Files.writeString(home.resolve("config.env"), "LISTEN_PORT=9123\nLISTEN_HOST=127.0.0.1\n");

        Program.Result result = Program.in(home).run("show-ip");

        assertThat(result.out().lines().filter(line -> line.startsWith("http:")))
                .allMatch(line -> line.startsWith("http://127.0.0.1:9123 ")
                        != line.endsWith("  not reachable: LISTEN_HOST is 127.0.0.1"));
        assertThat(result.out()).contains("ANTHROPIC_BASE_URL=http://127.0.0.1:9123 claude");
    }

    @Test
    void showsThemAsJson() {
        assertThat(Program.in(home).run("show-ip", "--json").out())
                .startsWith("[\n  {\"uri\":\"http://127.0.0.1:9123\",\"address\":\"127.0.0.1\",\"interface\":\"")
                .contains("\"reachable\":true}")
                .endsWith("\n]" + System.lineSeparator());
    }

    @Test
    void saysThatAPortIsNotKnownBeforeItIsTaken() throws IOException {
        Files.writeString(home.resolve("config.env"), "LISTEN_PORT=0\n");

        Program.Result result = Program.in(home).run("show-ip");

        assertThat(result.err().strip())
                .isEqualTo("LISTEN_PORT is 0, so the port is known only once the proxy runs; start it");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    /** What the command says about IPv6 rests on this. */
    @Test
    void reachesAProxyOnAllAddressesByIpv6() throws IOException {
        assumeTrue(
                LocalAddress.all().stream().anyMatch(local -> !local.isIpv4()), "this machine has no address of IPv6");
        try (ForwardProxy proxy =
                        ForwardProxy.builder().listen("0.0.0.0", 0).build().start();
                Socket socket =
                        new Socket(InetAddress.getByName("::1"), proxy.address().getPort())) {
            assertThat(socket.isConnected()).isTrue();
        }
    }
}
