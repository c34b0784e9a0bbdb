package dev.aiproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.internal.ProjectFiles;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** The example of README.md, compiled and run. */
final class ReadmeExampleTest {

    private static final String BEGIN = "        // example begins\n";
    private static final String END = "        // example ends\n";

    @Test
    void runsTheExample() throws IOException {
        // example begins
        ExchangeListener log = new ExchangeListener() {
            @Override
            public void onEnd(ExchangeEnd end) {
                System.out.println(end.exchange().path() + " " + end.outcome());
            }
        };
        try (ForwardProxy proxy = ForwardProxy.builder()
                .target(URI.create("https://api.openai.com"))
                .listen("127.0.0.1", 0)
                .listener(log)
                .build()
                .start()) {
            useFrom("http://127.0.0.1:" + proxy.address().getPort() + "/v1");
        }
        // example ends
    }

    private static void useFrom(String baseUrl) throws IOException {
        URI base = URI.create(baseUrl);
        try (Socket client = new Socket(base.getHost(), base.getPort())) {
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void standsInTheReadmeWordForWord() throws IOException {
        String source = ProjectFiles.text("proxy-core/src/test/java/dev/aiproxy/ReadmeExampleTest.java");
        String example = source.substring(source.indexOf(BEGIN) + BEGIN.length(), source.indexOf(END))
                .replaceAll("(?m)^ {8}", "");

        assertThat(ProjectFiles.text("README.md")).contains("```java\n" + example + "```\n");
    }
}
