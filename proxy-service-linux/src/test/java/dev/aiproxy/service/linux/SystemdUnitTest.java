package dev.aiproxy.service.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.aiproxy.service.ServiceSpec;
import dev.aiproxy.service.ServiceSpec.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SystemdUnitTest {

    @Test
    void rendersTheServiceOfTheMachine() throws IOException {
        GoldenFile.assertEqual("system.service", SystemdUnit.render(Specs.usual(Scope.SYSTEM), SystemdHost.NEW));
    }

    @Test
    void rendersTheServiceOfAUser() throws IOException {
        GoldenFile.assertEqual("user.service", SystemdUnit.render(Specs.usual(Scope.USER), SystemdHost.NEW));
    }

    @Test
    void rendersOddNamesForTheMachine() throws IOException {
        GoldenFile.assertEqual(
                "system-odd-names.service", SystemdUnit.render(Specs.odd(Scope.SYSTEM), SystemdHost.NEW));
    }

    @Test
    void rendersOddNamesForAUser() throws IOException {
        GoldenFile.assertEqual("user-odd-names.service", SystemdUnit.render(Specs.odd(Scope.USER), SystemdHost.NEW));
    }

    @Test
    void letsTheSandboxSeeProgramsInAHome() throws IOException {
        GoldenFile.assertEqual(
                "system-programs-in-home.service", SystemdUnit.render(Specs.inHome(Scope.SYSTEM), SystemdHost.NEW));
    }

    @Test
    void rendersTheServiceOfASocket() throws IOException {
        GoldenFile.assertEqual(
                "system-with-socket.service",
                SystemdUnit.render(Specs.withSocket(Scope.SYSTEM, "127.0.0.1", 443), SystemdHost.NEW));
    }

    @Test
    void rendersASocket() throws IOException {
        GoldenFile.assertEqual(
                "ai-proxy.socket", SystemdSocket.render(Specs.withSocket(Scope.SYSTEM, "127.0.0.1", 443)));
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, 8080", "::, 8080", "192.0.2.1, 192.0.2.1:8080", "::1, [0:0:0:0:0:0:0:1]:8080"})
    void listensWhereTheProxyWould(String host, String listenStream) {
        String unit = SystemdSocket.render(Specs.withSocket(Scope.SYSTEM, host, 8080));

        assertThat(unit.lines()).contains("ListenStream=" + listenStream);
    }

    @Test
    void asksAnOldSystemdForNothingThatItDoesNotKnow() {
        String unit = SystemdUnit.render(Specs.usual(Scope.SYSTEM), new SystemdHost(245, false));

        assertThat(unit.lines())
                .contains("Type=exec")
                .noneMatch(line -> line.startsWith("LoadCredential=") || line.startsWith("Watchdog"))
                .anyMatch(line -> line.startsWith("ExecStart=") && line.endsWith("--config /etc/ai-proxy/config.env"));
    }

    @ParameterizedTest(name = "{0} with the jar in {1}")
    @CsvSource({
        "/usr/lib/jvm/17, /opt/ai-proxy, yes, ''",
        "/root/jdk, /opt/ai-proxy, tmpfs, \"/root/jdk\"",
        "/usr/lib/jvm/17, /run/user/1000/x, tmpfs, \"/run/user/1000/x/proxy-launcher.jar\"",
        "/usr/lib/jvm/17, /tmp/x, yes, \"/tmp/x/proxy-launcher.jar\"",
        "/var/tmp/jdk, /opt/ai-proxy, yes, \"/var/tmp/jdk\"",
        "/home/ada, /opt/ai-proxy, tmpfs, \"/home/ada/bin/java\"",
    })
    void showsTheSandboxOnlyThePrograms(Path javaHome, Path folder, String protectHome, String bound) {
        String unit = SystemdUnit.render(Specs.at(Scope.SYSTEM, javaHome, folder), SystemdHost.NEW);

        assertThat(unit.lines()).contains("ProtectHome=" + protectHome);
        assertThat(unit.lines().filter(line -> line.startsWith("BindReadOnlyPaths=")))
                .isEqualTo(bound.isEmpty() ? List.of() : List.of("BindReadOnlyPaths=" + bound));
    }

    /** systemd.syntax(7): a remark after a value is part of the value. */
    @ParameterizedTest
    @EnumSource(Scope.class)
    void hasNoRemarksBehindValues(Scope scope) {
        assertThat(SystemdUnit.render(Specs.usual(scope), SystemdHost.NEW).lines())
                .allMatch(line -> line.startsWith("#") || !line.contains("#"));
    }

    @ParameterizedTest
    @EnumSource(Scope.class)
    void refusesPathsThatNoUnitCanName(Scope scope) {
        ServiceSpec spec = Specs.at(scope, Path.of("/usr/lib/jvm/17"), Path.of("/opt/two\nlines"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SystemdUnit.render(spec, SystemdHost.NEW))
                .withMessageContaining("cannot contain control characters such as a newline, was /opt/two?lines");
    }
}
