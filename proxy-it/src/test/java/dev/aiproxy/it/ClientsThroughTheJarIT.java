package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The jar, run as its users run it and set up by its {@code config.env}, serves real clients. */
@Timeout(60)
final class ClientsThroughTheJarIT {
    private static final ScriptedUpstream upstream = ScriptedUpstream.plain();

    @TempDir
    private static Path home;

    private static LauncherProcess launcher;
    private static URI uri;

    @BeforeAll
    static void start() throws IOException {
        Files.writeString(
                home.resolve("config.env"),
                "TARGET_PROTOCOL=http\nTARGET_HOST=127.0.0.1\nTARGET_PORT=" + upstream.port()
                        + "\nLISTEN_HOST=127.0.0.1\nLISTEN_PORT=0\n");
        launcher = LauncherProcess.start(home, Map.of(), "run");
        uri = URI.create("http://127.0.0.1:" + launcher.awaitAddress().getPort());
    }

    @AfterAll
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
