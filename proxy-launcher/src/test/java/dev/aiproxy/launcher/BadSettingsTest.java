package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever writes a wrong setting is told where, which, what it says and what it may say, in one line, with code 78. */
class BadSettingsTest {

    private static final String HOST_RULE =
            ", must be a host name or an IP address alone, without scheme, port, path or user info";
    private static final String FORWARD_RULE =
            ", must be hosts separated by commas, each host, host:port, *.example.com or *, or empty for none";
    private static final String DURATION_RULE = ", must be a duration such as 500ms, 10s, 2m or 1h, or none";
    private static final String ADDRESS_RULE =
            ", must be addresses such as 192.0.2.7 or blocks of them such as 192.0.2.0/24 and fd00::/8, with commas between"
                    + " them, or empty for everyone: ";
    private static final String TOKENS_RULE =
            ", must be pairs such as ann:TOKEN or ann:sha256:HASH, with commas between them, or empty for none";
    private static final String TOKEN_RULE =
            "the token of ann must be 16..512 visible ASCII characters without a comma, or sha256: and 64 hexadecimal digits";
    private static final String CA_RULE = ", must be a readable file of certificates in PEM form, or empty for none";

    private static final String PROXY_FORM =
            " http://host:port, https://host:port or socks5://host:port, with user:password@ in front of the host if need be,"
                    + " their special characters as in %40";
    private static final String PROXY_FORMS = ", must be" + PROXY_FORM + ", or empty for none: ";
    private static final String PROXY_RULE = PROXY_FORMS + "upstream proxy is wrong: ";
    private static final String URI_RULE = PROXY_FORMS + "it has characters that a URI has not";

    @TempDir
    private Path home;

    static Stream<Arguments> lines() {
        return Stream.of(
                arguments("LISTN_PORT=1", "there is no setting LISTN_PORT; did you mean LISTEN_PORT?"),
                arguments("listen_port=1", "there is no setting listen_port; did you mean LISTEN_PORT?"),
                arguments("OPENAI_API_KEY=sk-1", "there is no setting OPENAI_API_KEY"),
                arguments(
                        "ALLOWED_CLIENTS=10.0.0.1/8",
                        "ALLOWED_CLIENTS is '10.0.0.1/8'" + ADDRESS_RULE + "'10.0.0.1/8' is none"),
                arguments(
                        "ALLOWED_CLIENTS=::1,home", "ALLOWED_CLIENTS is '::1,home'" + ADDRESS_RULE + "'home' is none"),
                arguments("PROXY_TOKENS=secret", "PROXY_TOKENS is '***'" + TOKENS_RULE + ": pair 1 has no name"),
                arguments("PROXY_TOKENS=ann:short", "PROXY_TOKENS is '***'" + TOKENS_RULE + ": " + TOKEN_RULE),
                arguments(
                        "PROXY_TOKENS=ann:0123456789abcdef,ann:0123456789abcdefg",
                        "PROXY_TOKENS is '***'" + TOKENS_RULE + ": two tokens have the same name"),
                arguments("PROXY_TOKENS=,", "PROXY_TOKENS is '***'" + TOKENS_RULE + ": there is no token in it"),
                arguments(
                        "TARGET_API_KEY=sk-1 # mine",
                        "TARGET_API_KEY is '***', must be a key of visible characters on one line, or empty for none:"
                                + " there is a blank in it; a remark needs a line of its own"),
                arguments(
                        "PROXY_TOKENS_FILE=none",
                        "PROXY_TOKENS_FILE is 'none', must be a readable file with pairs such as ann:TOKEN or"
                                + " ann:sha256:HASH, one a line, or empty for none: no such file"),
                arguments(
                        "TARGET_API_KEY_FILE=.",
                        "TARGET_API_KEY_FILE is '.', must be a readable file with the key on its only line, or empty for"
                                + " none: it is a folder"),
                arguments(
                        "TARGET_API_KEY_HEADER=a b",
                        "TARGET_API_KEY_HEADER is 'a b', must be the name of a header field: the header of the target's"
                                + " API key must be a field name (RFC 9110 §5.1), was a b"),
                arguments(
                        "UPSTREAM_PROXY=proxy.example",
                        "UPSTREAM_PROXY is 'proxy.example'" + PROXY_RULE + "its scheme must be http, https or socks5"),
                arguments(
                        "UPSTREAM_PROXY=http://me:s3cret@proxy.example",
                        "UPSTREAM_PROXY is 'http://***@proxy.example'" + PROXY_RULE
                                + "it must have a port from 1 to 65535"),
                arguments(
                        "UPSTREAM_PROXY=http://me:s3[cret@proxy.example:1",
                        "UPSTREAM_PROXY is 'http://***@proxy.example:1'" + URI_RULE),
                arguments(
                        "UPSTREAM_PROXY=http://me:s3?c/ret@proxy.example:1",
                        "UPSTREAM_PROXY is 'http://***@proxy.example:1'" + PROXY_RULE + "it must name a host"),
                arguments(
                        "UPSTREAM_PROXY_FILE=none",
                        "UPSTREAM_PROXY_FILE is 'none', must be a readable file with" + PROXY_FORM
                                + " on its only line, or empty for none: no such file"),
                arguments("LISTEN_PORT: 1", "no '=' in this line; write KEY=value"),
                arguments("LISTEN_PORT=abc", "LISTEN_PORT is 'abc', must be a whole number from 0 to 65535"),
                arguments("LISTEN_PORT=", "LISTEN_PORT is '', must be a whole number from 0 to 65535"),
                arguments("LISTEN_PORT=65536", "LISTEN_PORT is '65536', must be a whole number from 0 to 65535"),
                arguments("LISTEN_PORT=-1", "LISTEN_PORT is '-1', must be a whole number from 0 to 65535"),
                arguments("LISTEN_PORT=1 # x", "LISTEN_PORT is '1 # x', must be a whole number from 0 to 65535"),
                arguments("TARGET_PORT=0", "TARGET_PORT is '0', must be a whole number from 1 to 65535"),
                arguments("TARGET_PROTOCOL=ftp", "TARGET_PROTOCOL is 'ftp', must be https or http"),
                arguments("TARGET_HOST=", "TARGET_HOST is ''" + HOST_RULE),
                arguments("TARGET_HOST=https://a.b", "TARGET_HOST is 'https://a.b'" + HOST_RULE),
                arguments("TARGET_HOST=a.b/v1", "TARGET_HOST is 'a.b/v1'" + HOST_RULE),
                arguments("TARGET_HOST=a.b:443", "TARGET_HOST is 'a.b:443'" + HOST_RULE),
                arguments("TARGET_HOST=me:pass@a.b", "TARGET_HOST is '***@a.b'" + HOST_RULE),
                arguments("TARGET_HOST=me:pa/s?s@a.b", "TARGET_HOST is '***@a.b'" + HOST_RULE),
                arguments("TARGET_HOST=https://me:p@a/?key=sk", "TARGET_HOST is 'https://***@a/?***'" + HOST_RULE),
                arguments("TARGET_HOST=a b", "TARGET_HOST is 'a b'" + HOST_RULE),
                arguments("TARGET_HOST=a_b", "TARGET_HOST is 'a_b'" + HOST_RULE),
                arguments("TARGET_HOST=fe80::g", "TARGET_HOST is 'fe80::g'" + HOST_RULE),
                arguments("LISTEN_HOST=:8080", "LISTEN_HOST is ':8080'" + HOST_RULE),
                arguments(
                        "FORWARD_ALLOW=https://a.b",
                        "FORWARD_ALLOW is 'https://a.b'" + FORWARD_RULE + ": 'https://a.b' is none"),
                arguments("FORWARD_ALLOW=a.b:0", "FORWARD_ALLOW is 'a.b:0'" + FORWARD_RULE + ": 'a.b:0' is none"),
                arguments(
                        "FORWARD_ALLOW=a.b, 127.1,*",
                        "FORWARD_ALLOW is 'a.b, 127.1,*'" + FORWARD_RULE + ": '127.1' is none"),
                arguments("FORWARD_ALLOW=a.b,", "FORWARD_ALLOW is 'a.b,'" + FORWARD_RULE + ": '' is none"),
                arguments("TARGET_TLS_VERIFY=no", "TARGET_TLS_VERIFY is 'no', must be true or false"),
                arguments("CONNECT_TIMEOUT=10", "CONNECT_TIMEOUT is '10'" + DURATION_RULE),
                arguments("CONNECT_TIMEOUT=-1s", "CONNECT_TIMEOUT is '-1s'" + DURATION_RULE),
                arguments("CONNECT_TIMEOUT=1d", "CONNECT_TIMEOUT is '1d'" + DURATION_RULE),
                arguments(
                        "MAX_HEADER_BYTES=2m",
                        "MAX_HEADER_BYTES is '2m', must be a size from 1024 to 1048576 bytes, such as 65536, 64k or 1m"),
                arguments("MAX_STREAMS=0", "MAX_STREAMS is '0', must be a whole number from 1 to 1000000"),
                arguments("AI_INSIGHT=yes", "AI_INSIGHT is 'yes', must be on or off"),
                arguments("ADMIN_PORT=abc", "ADMIN_PORT is 'abc', must be a whole number from 0 to 65535, or off"),
                arguments("ADMIN_PORT=65536", "ADMIN_PORT is '65536', must be a whole number from 0 to 65535, or off"),
                arguments("ADMIN_HOST=a b", "ADMIN_HOST is 'a b'" + HOST_RULE),
                arguments("LOG_FORMAT=xml", "LOG_FORMAT is 'xml', must be text or json"),
                arguments(
                        "ACCESS_LOG_MAX_SIZE=1t",
                        "ACCESS_LOG_MAX_SIZE is '1t', must be a size from 65536 to 1073741824 bytes, such as 64k, 50m or 1g"),
                arguments(
                        "ACCESS_LOG_KEEP_SIZE=9999g",
                        "ACCESS_LOG_KEEP_SIZE is '9999g', must be a size from 65536 to 1099511627776 bytes, such as 64k, 50m or 1g"),
                arguments(
                        "ACCESS_LOG_KEEP_DAYS=0", "ACCESS_LOG_KEEP_DAYS is '0', must be a whole number from 1 to 3650"),
                arguments("LOG_LEVEL=loud", "LOG_LEVEL is 'loud', must be error, warn, info or debug"),
                arguments("LOG_DIR=", "LOG_DIR is '', must be a path of a folder"),
                arguments("TARGET_CA_FILE=no.pem", "TARGET_CA_FILE is 'no.pem'" + CA_RULE + ": no such file"),
                arguments("TARGET_CA_FILE=.", "TARGET_CA_FILE is '.'" + CA_RULE + ": it is a folder"),
                arguments(
                        "TARGET_CA_FILE=config.env",
                        "TARGET_CA_FILE is 'config.env'" + CA_RULE + ": no '-----BEGIN CERTIFICATE-----' in it"));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void tellsFileAndLine(String line, String message) throws IOException {
        Files.writeString(home.resolve("config.env"), "# remark\n" + line + "\n");

        Program.Result result = Program.in(home).run("run");

        assertThat(result.err()).isEqualTo("%s/config.env:2: %s%n".formatted(home, message));
        assertThat(result.out()).isEmpty();
        assertThat(result.exitCode()).isEqualTo(78);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "# ann:0123456789abcdef\n"})
    void takesNoFileWithoutTokensForOneThatLetsInEveryone(String content) throws IOException {
        Files.writeString(home.resolve("tokens"), content);

        Program.Result result = Program.in(home).run("run", "--proxy-tokens-file=tokens");

        assertThat(result.err())
                .startsWith("flag --proxy-tokens-file: PROXY_TOKENS_FILE is 'tokens', ")
                .endsWith(": there is no token in it%n".formatted());
        assertThat(result.exitCode()).isEqualTo(78);
    }

    @Test
    void tellsWhatContradictsAnother() throws IOException {
        Files.writeString(home.resolve("key"), "sk-1");
        Files.writeString(home.resolve("tokens"), "ann:0123456789abcdef");

        Program.Result result = Program.in(home)
                .with(Map.of(
                        "TARGET_API_KEY", "sk-2",
                        "TARGET_API_KEY_FILE", "key",
                        "PROXY_TOKENS", "ann:0123456789abcdefg",
                        "PROXY_TOKENS_FILE", "tokens"))
                .run();

        assertThat(result.err())
                .isEqualTo(
                        "TARGET_API_KEY and TARGET_API_KEY_FILE are both set; keep one of them%nPROXY_TOKENS and PROXY_TOKENS_FILE both have a token for ann; keep one of them%n"
                                .formatted());
        assertThat(result.exitCode()).isEqualTo(78);
    }

    @Test
    void refusesOnePortForTrafficAndAdmin() {
        Program.Result result =
                Program.in(home).with(Map.of("LISTEN_PORT", "9000")).run("run", "--admin-port", "9000");

        assertThat(result.err()).isEqualTo("ADMIN_PORT and LISTEN_PORT are both 9000; change one%n".formatted());
        assertThat(result.exitCode()).isEqualTo(78);
    }

    @Test
    void tellsTheEnvironment() {
        Program.Result result =
                Program.in(home).with(Map.of("LISTEN_PORT", "abc")).run();

        assertThat(result.err())
                .isEqualTo("environment: LISTEN_PORT is 'abc', must be a whole number from 0 to 65535%n".formatted());
        assertThat(result.exitCode()).isEqualTo(78);
    }

    @Test
    void tellsTheFlag() {
        Program.Result result = Program.in(home).run("--listen-port", "abc");

        assertThat(result.err())
                .isEqualTo("flag --listen-port: LISTEN_PORT is 'abc', must be a whole number from 0 to 65535%n"
                        .formatted());
        assertThat(result.exitCode()).isEqualTo(78);
    }

    @Test
    void tellsEveryProblemAtOnce() throws IOException {
        Files.writeString(home.resolve("config.env"), "NOPE=1\nLISTEN_PORT=x\nTARGET_HOST=\n");

        Program.Result result =
                Program.in(home).with(Map.of("LOG_FORMAT", "xml")).run("config");

        assertThat(result.err().lines()).hasSize(4);
        assertThat(result.exitCode()).isEqualTo(78);
    }

    @Test
    void keepsAForgedLineOnItsLine() {
        Program.Result result = Program.in(home).run("--target-host", "a\nb\u001b[31m");

        assertThat(result.err())
                .isEqualTo("flag --target-host: TARGET_HOST is 'a\\x0ab\\x1b[31m'%s%n".formatted(HOST_RULE));
    }

    @Test
    void refusesFileThatIsAFolder() throws IOException {
        Files.createDirectory(home.resolve("config.env"));

        assertThat(Program.in(home).run().err())
                .isEqualTo("%s/config.env: is a folder, must be a file%n".formatted(home));
    }

    @Test
    void refusesFileThatIsNotUtf8() throws IOException {
        Files.write(home.resolve("config.env"), new byte[] {'#', '\n', 'A', '=', (byte) 0xfc, '\n'});

        assertThat(Program.in(home).run().err())
                .isEqualTo("%s/config.env:2: is not UTF-8; save the file in that encoding%n".formatted(home));
    }

    @Test
    void refusesFileThatWasAskedForAndIsMissing() {
        Program.Result result = Program.in(home).run("run", "--config", "other.env");

        assertThat(result.err()).isEqualTo("%s/other.env: no such file%n".formatted(home));
        assertThat(result.exitCode()).isEqualTo(78);
    }

    @Test
    void refusesHomeThatIsMissing() {
        Program.Result result = Program.in(home).run("run", "--home", "nowhere");

        assertThat(result.err()).isEqualTo("flag --home: there is no folder %s/nowhere%n".formatted(home));
        assertThat(result.exitCode()).isEqualTo(78);
    }

    @Test
    void refusesToKeepLessThanOneLogFile() {
        Program.Result result = Program.in(home).run("run", "--access-log-keep-size", "10m");

        assertThat(result.err())
                .isEqualTo("ACCESS_LOG_KEEP_SIZE is '10m', must not be less than ACCESS_LOG_MAX_SIZE, which is '50m'%n"
                        .formatted());
        assertThat(result.exitCode()).isEqualTo(78);
    }

    @Test
    void refusesLogDirThatCannotBeWritten() throws IOException {
        Files.writeString(home.resolve("file"), "");

        Program.Result result = Program.in(home).run("run", "--log-dir", "file/logs");

        assertThat(result.err())
                .isEqualTo(
                        "flag --log-dir: LOG_DIR is 'file/logs', must be a folder where logs can be written: cannot write %s/file/logs/proxy.log%n"
                                .formatted(home));
        assertThat(result.exitCode()).isEqualTo(78);
    }

    @Test
    void showsAStackTraceOnlyWhenAsked() {
        assertThat(Program.in(home).run("run", "--debug", "--listen-port", "x").err())
                .contains("\tat dev.aiproxy.launcher");
    }
}
