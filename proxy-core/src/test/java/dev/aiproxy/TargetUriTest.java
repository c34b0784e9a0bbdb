package dev.aiproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TargetUriTest {

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "https://api.openai.com, https://api.openai.com:443",
        "http://localhost, http://localhost:80",
        "HTTPS://API.OpenAI.com/, https://api.openai.com:443",
        "http://localhost:11434, http://localhost:11434",
        "http://[::1]:65535, http://[::1]:65535",
        "http://192.0.2.1:1/, http://192.0.2.1:1"
    })
    void writesEveryTargetInOneForm(URI target, URI normalized) {
        assertThat(TargetUri.normalized(target)).isEqualTo(normalized);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "ftp://host | its scheme must be http or https",
                "host | its scheme must be http or https",
                "//host | its scheme must be http or https",
                "localhost:8080 | its scheme must be http or https",
                "mailto:a@b.example | its scheme must be http or https",
                "http:/path | it must name a host",
                "http:opaque | it must name a host",
                "http://under_score | it must name a host",
                "http://user@host | it must have no user info, query or fragment",
                "http://host?a | it must have no user info, query or fragment",
                "http://host#a | it must have no user info, query or fragment",
                "http://host/v1 | it must have no path, since paths come from the clients",
                "http://host// | it must have no path, since paths come from the clients",
                "http://host:0 | its port must be 1..65535",
                "http://host:65536 | its port must be 1..65535"
            })
    void refusesOtherForms(URI target, String rule) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TargetUri.normalized(target))
                .withMessageStartingWith("target is wrong: " + rule + ", was scheme ");
    }

    @Test
    void namesWhatIsWrongWithoutTheCredentials() {
        URI target = URI.create("https://user:s3cret@host:99/?key=s3cret#s3cret");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> TargetUri.normalized(target))
                .withMessage("target is wrong: it must have no user info, query or fragment, was scheme 'https',"
                        + " host 'host', port 99, path '/'");
    }
}
