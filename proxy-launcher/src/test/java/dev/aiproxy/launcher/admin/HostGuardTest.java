package dev.aiproxy.launcher.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostGuardTest {

    private final HostGuard guard = new HostGuard("Proxy.example");

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "192.168.0.7", "[::1]", "[fd00::7]", "localhost", "LOCALHOST", "proxy.EXAMPLE"})
    void allowsAddressesAndNamesOfOurs(String host) {
        assertThat(guard.allows(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "127.0.0.1.evil.example",
                "localhost.evil.example",
                "",
                "2130706433",
                "::1.evil",
                "[x]"
            })
    void refusesEveryOtherName(String host) {
        assertThat(guard.allows(host)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1"})
    void takesOneNameTwice(String own) {
        assertThat(new HostGuard(own).allows(own)).isTrue();
    }
}
