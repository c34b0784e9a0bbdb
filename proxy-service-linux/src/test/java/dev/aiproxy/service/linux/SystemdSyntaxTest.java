package dev.aiproxy.service.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SystemdSyntaxTest {

    static Stream<Arguments> programs() {
        return Stream.of(
                arguments("plain", "/usr/bin/java", "/usr/bin/java"),
                arguments("space", "/opt/my java/bin/java", "\"/opt/my java/bin/java\""),
                arguments("percent", "/opt/100%/java", "/opt/100%%/java"),
                arguments("dollar, which is no variable here", "/opt/$x/java", "\"/opt/$x/java\""),
                arguments("not ASCII", "/opt/größe/java", "\"/opt/größe/java\""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("programs")
    void writesPrograms(String name, Path program, String expected) {
        assertThat(SystemdSyntax.program(program)).isEqualTo(expected);
    }

    static Stream<Arguments> words() {
        return Stream.of(
                arguments("plain", "-XX:+UseSerialGC", "-XX:+UseSerialGC"),
                arguments("empty", "", "\"\""),
                arguments("space", "a b", "\"a b\""),
                arguments("space at the end", "a ", "\"a \""),
                arguments("percent", "50%h", "50%%h"),
                arguments("dollar", "$HOME", "\"$$HOME\""),
                arguments("dollar and braces", "${HOME}", "\"$${HOME}\""),
                arguments("two dollars", "$$", "\"$$$$\""),
                arguments("double quote", "a\"b", "\"a\\\"b\""),
                arguments("single quote", "it's", "\"it's\""),
                arguments("backslash", "a\\nb", "\"a\\\\nb\""),
                arguments("backslash at the end", "a\\", "\"a\\\\\""),
                arguments("semicolon, which alone would end the command", ";", "\";\""),
                arguments("number sign", "#", "\"#\""),
                arguments("not ASCII", "ä€😀", "\"ä€😀\""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("words")
    void writesWordsOfACommand(String name, String argument, String expected) {
        assertThat(SystemdSyntax.argument(argument)).isEqualTo(expected);
    }

    static Stream<Arguments> paths() {
        return Stream.of(
                arguments("plain", "/etc/config.env", "/etc/config.env", "\"/etc/config.env\""),
                arguments("space", "/etc/a b", "/etc/a b", "\"/etc/a b\""),
                arguments("colon", "/etc/a:b", "/etc/a:b", "\"/etc/a:b\""),
                arguments("percent", "/etc/%h", "/etc/%%h", "\"/etc/%%h\""),
                arguments("dollar", "/etc/$a", "/etc/$a", "\"/etc/$a\""),
                arguments("quotes", "/etc/\"a' b", "/etc/\"a' b", "\"/etc/\\\"a' b\""),
                arguments("backslash", "/etc/a\\b", "/etc/a\\b", "\"/etc/a\\\\b\""),
                arguments("not ASCII", "/etc/größe", "/etc/größe", "\"/etc/größe\""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("paths")
    void writesPaths(String name, Path path, String alone, String listed) {
        assertThat(SystemdSyntax.path(path)).isEqualTo(alone);
        assertThat(SystemdSyntax.listed(path)).isEqualTo(listed);
    }

    static Stream<Arguments> unusablePrograms() {
        return Stream.of(
                arguments("/a\"b", "a quote or a backslash, was /a\"b"),
                arguments("/a'b", "a quote or a backslash, was /a'b"),
                arguments("/a\\b", "a quote or a backslash, was /a\\b"),
                arguments("/a\tb", "control characters such as a newline, was /a?b"),
                arguments("/a/../b", ". or .. between its slashes, was /a/../b"));
    }

    @ParameterizedTest
    @MethodSource("unusablePrograms")
    void refusesOtherPrograms(Path program, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SystemdSyntax.program(program))
                .withMessage("program of a systemd unit cannot contain " + reason);
    }

    static Stream<Arguments> unusablePaths() {
        return Stream.of(
                arguments("/a\nb", "control characters such as a newline, was /a?b"),
                arguments("/a\u0085b", "control characters such as a newline, was /a\u0085b"),
                arguments("/a\uFFFDb", "characters that are not Unicode in the JVM's locale, was /a\uFFFDb"),
                arguments("/a ", "white space or a backslash at the end, was /a "),
                arguments("/a\\", "white space or a backslash at the end, was /a\\"),
                arguments("/a/./b", ". or .. between its slashes, was /a/./b"));
    }

    @ParameterizedTest
    @MethodSource("unusablePaths")
    void refusesOtherPaths(Path path, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SystemdSyntax.path(path))
                .withMessage("path of a systemd unit cannot contain " + reason);
    }

    @ParameterizedTest
    @MethodSource("unusableArguments")
    void refusesOtherWordsOfACommand(String argument, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SystemdSyntax.argument(argument))
                .withMessage("argument of a systemd unit cannot contain " + reason);
    }

    static Stream<Arguments> unusableArguments() {
        return Stream.of(
                arguments("a\0", "control characters such as a newline, was a?"),
                arguments("a\uD83D", "characters that are not Unicode in the JVM's locale, was a\uD83D"));
    }
}
