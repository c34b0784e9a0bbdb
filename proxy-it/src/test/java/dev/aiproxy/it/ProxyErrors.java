package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.it.RawResponse.Integrity;
import java.util.regex.Pattern;

/** What every answer that the proxy makes itself must look like. */
final class ProxyErrors {

    private ProxyErrors() {}

    /** OpenAI's shape, whole, and without a word about the inside of the proxy or of the network behind it. */
    static void assertProxyError(RawResponse response, int status, String code) {
        assertThat(response.text())
                .as("%s", response)
                .matches("\\{\"error\":\\{\"message\":\"[^\"]+\",\"type\":\"proxy_error\",\"code\":\""
                        + Pattern.quote(code) + "\"\\}\\}\n?");
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.integrity()).isEqualTo(Integrity.WHOLE);
        assertThat(response.head().value("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
        assertThat(response.head().value("Content-Length")).contains(String.valueOf(response.body().length));
        assertThat(response.head().text() + response.text())
                .doesNotContainIgnoringCase("exception")
                .doesNotContainIgnoringCase("jetty")
                .doesNotContain("java", "org.", "127.0.0.1", "localhost", "0x", "@");
    }
}
