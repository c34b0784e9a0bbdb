package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingChangesTest {

    private static final String TOKEN = "a-token-of-sixteen";

    @TempDir
    private Path home;

    private OpenSsl openssl;

    @BeforeEach
    void write() throws IOException {
        openssl = new OpenSsl(home);
        Files.writeString(home.resolve("tokens"), "ann:" + TOKEN + "\n");
    }

    /** Settings written with semicolons between them. */
    private Settings settings(String written) throws IOException {
        Files.writeString(home.resolve(SettingsLoader.CONFIG_FILE), written.replace(';', '\n') + "\n");
        return new SettingsLoader(home, Map.of()).load(GivenFlags.none());
    }

    @ParameterizedTest(name = "{0} => {1}: {2}")
    @CsvSource({
        "'', MAX_STREAMS=8192, ''",
        "MAX_STREAMS=1, MAX_STREAMS=2, MAX_STREAMS 1 -> 2",
        "MAX_STREAMS=1, '', MAX_STREAMS 1 -> 8192",
        "'', FORWARD_ALLOW=*.example.com, FORWARD_ALLOW none -> *.example.com",
        "'', TARGET_API_KEY=secret, TARGET_API_KEY none -> ***",
        "TARGET_API_KEY=old, TARGET_API_KEY=new, TARGET_API_KEY changed",
        "TARGET_API_KEY=old, '', TARGET_API_KEY *** -> none",
        "'', TARGET_PROTOCOL=http, TARGET_PORT 443 -> 80; TARGET_PROTOCOL https -> http"
    })
    void tellsWhatHasChangedButNoSecret(String before, String after, String changes) throws IOException {
        assertThat(String.join("; ", SettingChanges.between(settings(before), settings(after))))
                .isEqualTo(changes);
    }

    @Test
    void seesThatAFileSaysSomethingElse() throws IOException {
        Settings before = settings("PROXY_TOKENS_FILE=tokens");
        Files.writeString(home.resolve("tokens"), "bob:" + TOKEN + "\n");

        assertThat(SettingChanges.between(before, settings("PROXY_TOKENS_FILE=tokens")))
                .containsExactly("PROXY_TOKENS_FILE read anew");
    }

    @Test
    void seesNoChangeInAFileThatIsWrittenAsItWas() throws IOException {
        openssl.key("a").certificate("a");
        String written = "LISTEN_TLS_CERT=a.crt;LISTEN_TLS_KEY=a.key";
        Settings before = settings(written);
        Files.writeString(home.resolve("a.crt"), Files.readString(home.resolve("a.crt")) + "\n");

        assertThat(SettingChanges.between(before, settings(written))).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "LISTEN_HOST=127.0.0.1, LISTEN_HOST",
        "LISTEN_PORT=9000, LISTEN_PORT",
        "LISTEN_HTTP2=false, LISTEN_HTTP2",
        "ADMIN_PORT=9000, ADMIN_PORT",
        "ADMIN_HOST=::1, ADMIN_HOST",
        "OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318, OTEL_EXPORTER_OTLP_ENDPOINT",
        "TRACE_PROPAGATION=on, TRACE_PROPAGATION",
        "LISTEN_TLS_CERT=a.crt;LISTEN_TLS_KEY=a.key, LISTEN_TLS_CERT"
    })
    void refusesWhatTakesARestart(String written, String key) throws IOException {
        openssl.key("a").certificate("a");

        assertThat(SettingChanges.refused(settings(""), settings(written)))
                .singleElement()
                .asString()
                .startsWith(home.resolve(SettingsLoader.CONFIG_FILE) + ":1: " + key + " is ")
                .endsWith("restart it instead");
    }

    @Test
    void refusesASecretWithoutShowingIt() throws IOException {
        String before = "OTEL_EXPORTER_OTLP_HEADERS=api-key=s3cret";

        List<String> refused = SettingChanges.refused(settings(before), settings(before + "2"));

        assertThat(refused)
                .singleElement()
                .asString()
                .contains("OTEL_EXPORTER_OTLP_HEADERS is '***'")
                .doesNotContain("s3cret");
    }

    @Test
    void refusesNothingElse() throws IOException {
        String everythingElse = "MAX_STREAMS=1;TARGET_HOST=other;ALLOWED_CLIENTS=::1;LOG_DIR=x;RELOAD=auto";

        List<String> refused = SettingChanges.refused(settings(""), settings(everythingElse));

        assertThat(refused).isEmpty();
    }
}
