package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The jar, run as its users run it and set up by its {@code config.env}, serves real clients in front of a server of each
 * kind.
 */
@Timeout(60)
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"http", "https"})
final class ClientsThroughTheJarIT {
    private static final TestCertificates CERTIFICATES = TestCertificates.get();

    @TempDir
    private static Path folder;

    private static ScriptedUpstream upstream;
    private static LauncherProcess launcher;
    private static URI uri;

    @Parameter
    @SuppressWarnings("unused") // Asked for by the class template; start() has used it.
    private String targetProtocol;

    @BeforeParameterizedClassInvocation
    static void start(String targetProtocol) throws IOException {
        boolean isSecure = targetProtocol.equals("https");
        upstream = isSecure ? ScriptedUpstream.tls(CERTIFICATES.localhost()) : ScriptedUpstream.plain();
        Path home = Files.createDirectory(folder.resolve(targetProtocol));
        TestCertificates.write(home.resolve("ca.pem"), List.of(CERTIFICATES.authority()));
        Files.writeString(
                home.resolve("config.env"),
                "TARGET_PROTOCOL=" + targetProtocol + "\nTARGET_HOST=localhost\nTARGET_PORT=" + upstream.port()
                        + "\nTARGET_CA_FILE=ca.pem\nLISTEN_HOST=127.0.0.1\nLISTEN_PORT=0\n");
        launcher = LauncherProcess.start(home, Map.of(), "run");
        uri = URI.create("http://127.0.0.1:" + launcher.awaitAddress().getPort());
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        launcher.close();
        upstream.close();
        assertThat(upstream.failures()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dev.aiproxy.it.RealClients#all")
    void showsEachEventBeforeTheNextIsSent(StreamingClient client) {
        client.expectEachEventBeforeTheNextIsSent(uri, upstream);
    }

    @ParameterizedTest
    @MethodSource("dev.aiproxy.it.RealClients#all")
    void stopsTheUpstreamWhenTheClientCancels(StreamingClient client) {
        upstream.enqueue(client.api().stalledStream());

        try (StreamedCall call = client.stream(uri)) {
            assertThat(call.next()).isPresent();
            RecordedConnection connection = latestRequest().connection();
            assertThat(connection.ending()).isEqualTo(Ending.OPEN);

            call.cancel();

            connection.awaitEnd(Eventually.PATIENCE);
        }
    }

    private static RecordedRequest latestRequest() {
        List<RecordedRequest> requests = upstream.requests();
        return requests.get(requests.size() - 1);
    }
}
