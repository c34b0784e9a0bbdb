package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class UpstreamSettingsTest {

    private static final String CERT_RULE =
            "TARGET_CLIENT_CERT is 'a.crt', must be a readable file of a certificate in PEM form, its chain behind it, that"
                    + " TARGET_CLIENT_KEY fits, or empty for none: ";
    private static final String KEY_RULE =
            "TARGET_CLIENT_KEY is 'a.key', must be a readable file of a private key in PEM"
                    + " form, or empty for none: ";

    @TempDir
    private Path home;

    static Stream<Arguments> mistakes() {
        return Stream.of(
                argumentSet(
                        "a certificate without its key",
                        "TARGET_CLIENT_CERT=a.crt",
                        "TARGET_CLIENT_CERT is 'a.crt', must be set together with TARGET_CLIENT_KEY"),
                argumentSet(
                        "a key without its certificate",
                        "TARGET_CLIENT_KEY=a.key",
                        "TARGET_CLIENT_KEY is 'a.key', must be set together with TARGET_CLIENT_CERT"),
                argumentSet(
                        "a password without a key",
                        "TARGET_CLIENT_KEY_PASSWORD=s3cret",
                        "TARGET_CLIENT_KEY_PASSWORD is '***', must be set together with TARGET_CLIENT_KEY"),
                argumentSet(
                        "a certificate for plain HTTP",
                        "TARGET_PROTOCOL=http\nTARGET_CLIENT_KEY=a.key\nTARGET_CLIENT_CERT=a.crt",
                        "TARGET_CLIENT_CERT is 'a.crt', must not be set when TARGET_PROTOCOL is http, which has no"
                                + " certificates"),
                argumentSet(
                        "somebody else's key",
                        "TARGET_CLIENT_KEY=b.key\nTARGET_CLIENT_CERT=a.crt",
                        CERT_RULE + "the key does not fit the first certificate (CN=a)"),
                argumentSet(
                        "a key for a certificate",
                        "TARGET_CLIENT_KEY=a.key\nTARGET_CLIENT_CERT=a.key",
                        CERT_RULE.replace("a.crt", "a.key") + "no '-----BEGIN CERTIFICATE-----' in it"),
                argumentSet(
                        "a locked key",
                        "TARGET_CLIENT_CERT=a.crt\nTARGET_CLIENT_KEY=locked.key",
                        KEY_RULE.replace("a.key", "locked.key")
                                + "its private key is encrypted; set TARGET_CLIENT_KEY_PASSWORD"),
                argumentSet(
                        "a locked key and another password",
                        "TARGET_CLIENT_CERT=a.crt\nTARGET_CLIENT_KEY_PASSWORD=guess\nTARGET_CLIENT_KEY=locked.key",
                        KEY_RULE.replace("a.key", "locked.key")
                                + "TARGET_CLIENT_KEY_PASSWORD does not open its private key"),
                argumentSet(
                        "two proxies",
                        "UPSTREAM_PROXY_FILE=proxy\nUPSTREAM_PROXY=http://me:s3cret@a.example:1",
                        "UPSTREAM_PROXY is 'http://***@a.example:1', must not be set together with UPSTREAM_PROXY_FILE;"
                                + " keep one of them"),
                argumentSet(
                        "a rule that is none",
                        "UPSTREAM_PROXY=http://a.example:1\nNO_PROXY=localhost,10.*",
                        "NO_PROXY is 'localhost,10.*', must be hosts separated by commas, each example.com, .example.com,"
                                + " host:port, an address, a block such as 10.0.0.0/8, or *, or empty for none: '10.*' is"
                                + " none"));
    }

    /** The setting that is wrong is the last one, which names its line. */
    @ParameterizedTest
    @MethodSource("mistakes")
    void saysWhatIsWrongInOneLine(String lines, String message) throws IOException {
        new OpenSsl(home)
                .key("a")
                .certificate("a")
                .key("b")
                .run("pkcs8 -topk8 -in a.key -out locked.key -passout pass:s3cret");
        Files.writeString(home.resolve("proxy"), "http://a.example:1");
        Files.writeString(home.resolve("config.env"), lines + "\n");

        Program.Result result = Program.in(home).run("run");

        int line = (int) lines.lines().count();
        assertThat(result.err()).isEqualTo("%s/config.env:%d: %s%n".formatted(home, line, message));
        assertThat(result.exitCode()).isEqualTo(78);
    }

    @Test
    void opensALockedKey() throws IOException {
        new OpenSsl(home).key("a").certificate("a").run("pkcs8 -topk8 -in a.key -out locked.key -passout pass:s3cret");
        Files.writeString(
                home.resolve("config.env"),
                "TARGET_CLIENT_CERT=a.crt\nTARGET_CLIENT_KEY=locked.key\nTARGET_CLIENT_KEY_PASSWORD=s3cret\n");

        Program.Result result = Program.in(home).run("config");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("TARGET_CLIENT_CERT").doesNotContain("s3cret");
    }

    @Test
    void showsTheProxyWithoutItsLogin() {
        Program.Result result = Program.in(home).run("config", "--upstream-proxy", "http://me:s3cret@a.example:1");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("http://***@a.example:1").doesNotContain("s3cret");
    }
}
