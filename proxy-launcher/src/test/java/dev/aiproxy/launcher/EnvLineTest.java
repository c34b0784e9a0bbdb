package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvLineTest {

    static Stream<Arguments> assignments() {
        return Stream.of(
                arguments("A=x", "A", "x"),
                arguments("A=", "A", ""),
                arguments("  A = x  ", "A", "x"),
                arguments("A=a=b", "A", "a=b"),
                arguments("export A=1", "A", "1"),
                arguments("export \t A=1", "A", "1"),
                arguments("export=1", "export", "1"),
                arguments("A=a b", "A", "a b"),
                arguments("A=a,b,c", "A", "a,b,c"),
                arguments("A=x # y", "A", "x # y"),
                arguments("A=x;y", "A", "x;y"),
                arguments("A=\"a b\"", "A", "a b"),
                arguments("A='a b'", "A", "a b"),
                arguments("A=\"  padded  \"", "A", "  padded  "),
                arguments("A=\"\"", "A", ""),
                arguments("A=''", "A", ""),
                arguments("A='it is \"so\"'", "A", "it is \"so\""),
                arguments("A=\"it's\"", "A", "it's"),
                arguments("A=\"say \\\"hi\\\"\"", "A", "say \"hi\""),
                arguments("A=\"\\\\ \\$ \\`\"", "A", "\\ $ `"),
                arguments("A=\"C:\\new\\table\"", "A", "C:\\new\\table"),
                arguments("A='C:\\new\\'", "A", "C:\\new\\"),
                arguments("A='a'\"b\"", "A", "ab"),
                arguments("A=C:\\new\\table", "A", "C:\\new\\table"),
                arguments("A=C:\\logs\\", "A", "C:\\logs\\"),
                arguments("A=\\u0041", "A", "\\u0041"),
                arguments("A=a\"b\"c", "A", "a\"b\"c"),
                arguments("A=${env:HOME}", "A", "${env:HOME}"),
                arguments("A=\"$HOME\"", "A", "$HOME"),
                arguments("A=grüße", "A", "grüße"));
    }

    @ParameterizedTest
    @MethodSource("assignments")
    void readsAssignment(String line, String key, String value) throws BadValueException {
        assertThat(EnvLine.parse(line)).contains(new EnvLine(key, value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "\t", "# A=1", "  # A=1", "; A=1", "#"})
    void findsNothingInBlanksAndRemarks(String line) throws BadValueException {
        assertThat(EnvLine.parse(line)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"A=x # y", "A = x ;y", "export A=x\t#y", "A=a b #"})
    void findsARemarkBehindAValue(String line) {
        assertThat(EnvLine.hasRemarkBehind(line)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"A=x", "A=x#y", "A=x;y", "A=#x", "A=\"x # y\"", "A='x # y'", "A=", ""})
    void findsNoRemarkWhereNoneCanBeMeant(String line) {
        assertThat(EnvLine.hasRemarkBehind(line)).isFalse();
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                arguments("K: v", "no '=' in this line; write KEY=value"),
                arguments("include", "no '=' in this line; write KEY=value"),
                arguments("K: a=b", "what stands before the '=' is no name of a setting; write KEY=value"),
                arguments("=x", "what stands before the '=' is no name of a setting; write KEY=value"),
                arguments("1A=x", "what stands before the '=' is no name of a setting; write KEY=value"),
                arguments("A B=x", "what stands before the '=' is no name of a setting; write KEY=value"),
                arguments(
                        "TARGET_API_KEY: c2VjcmV0=",
                        "what begins with TARGET_API_KEY is no name of a setting; write KEY=value"),
                arguments("A=\"x", "a quote \" is opened and not closed in this line"),
                arguments("A=\"x\\\"", "a quote \" is opened and not closed in this line"),
                arguments("A='x", "a quote ' is opened and not closed in this line"),
                arguments(
                        "A=\"x\" # y",
                        "text after a closing quote; put quotes around the whole value, and a remark on a line of its own"),
                arguments(
                        "A='it'\\''s'",
                        "text after a closing quote; put quotes around the whole value, and a remark on a line of its own"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusesWhatIsNoAssignment(String line, String message) {
        assertThatThrownBy(() -> EnvLine.parse(line))
                .isInstanceOf(BadValueException.class)
                .hasMessage(message);
    }
}
