package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that everybody has show each event when it is sent, with nothing between them and the user but a pipe. */
final class CommandLineClientsIT {
    private static final String URL = "{url}";
    private static final int EVENTS = 4;

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    static Stream<Named<String[]>> clients() {
        String httpClient = """
                import http.client, sys, urllib.parse
                url = urllib.parse.urlsplit(sys.argv[1])
                connection = http.client.HTTPConnection(url.netloc)
                connection.request("POST", url.path, b"{}", {"Content-Type": "application/json"})
                for line in connection.getresponse():
                    print(line.decode(), end="", flush=True)
                """;
        String urllib = """
                import sys, urllib.request
                with urllib.request.urlopen(sys.argv[1], b"{}") as response:
                    for line in response:
                        print(line.decode(), end="", flush=True)
                """;
        return Stream.of(
                client("curl", "curl", "--silent", "--no-buffer", "--noproxy", "*", "--data", "{}", URL),
                client("python http.client", "python3", "-c", httpClient, URL),
                client("python urllib", "python3", "-c", urllib, URL));
    }

    private static Named<String[]> client(String name, String... command) {
        return Named.of(name, command);
    }

    @ParameterizedTest
    @MethodSource("clients")
    void showsEachEventBeforeTheNextIsSent(String[] client) throws Exception {
        Gate gate = Gate.named("next event");
        proxy.upstream().enqueue(Answers.gatedEvents(EVENTS, gate));
        Process process =
                start(client, "http://127.0.0.1:" + proxy.proxy().address().getPort() + "/v1/stream");

        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (int number = 1; number <= EVENTS; number++) {
                gate.open();
                assertThat(nextLine(lines)).isEqualTo(Answers.event(number).strip());
                assertThat(nextLine(lines)).isEmpty();
            }

            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(String[] client, String url) throws IOException {
        String[] command = Arrays.stream(client)
                .map(argument -> argument.equals(URL) ? url : argument)
                .toArray(String[]::new);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        // Settings of the machine for its own way out have no business between a test and its proxy.
        builder.environment().keySet().removeIf(name -> name.toLowerCase().endsWith("_proxy"));
        return builder.start();
    }

    private static String nextLine(BufferedReader lines) throws Exception {
        return CompletableFuture.supplyAsync(() -> read(lines)).get(10, TimeUnit.SECONDS);
    }

    private static String read(BufferedReader lines) {
        try {
            return String.valueOf(lines.readLine());
        } catch (IOException failure) {
            throw new AssertionError("the client's output broke", failure);
        }
    }
}
