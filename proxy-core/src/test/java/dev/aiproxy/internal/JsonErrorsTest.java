package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JsonErrorsTest {

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "400, BAD_REQUEST",
        "405, BAD_REQUEST",
        "408, CLIENT_BODY_TIMEOUT",
        "414, HEADER_TOO_LARGE",
        "417, EXPECTATION_FAILED",
        "426, BAD_REQUEST",
        "431, HEADER_TOO_LARGE",
        "499, CLIENT_GONE",
        "500, PROXY_ERROR",
        "501, PROXY_ERROR",
        "503, SHUTTING_DOWN",
        "505, HTTP_VERSION_NOT_SUPPORTED"
    })
    void namesWhatJettyRefuses(int status, Failure failure) {
        assertThat(JsonErrors.failureOf(status)).isEqualTo(failure);
    }
}
