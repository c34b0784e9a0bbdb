package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.launcher.admin.AdminServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LiveFeedTest {

    private final AtomicInteger made = new AtomicInteger();
    private volatile Runnable meanwhile = () -> {};
    private final LiveFeed feed = new LiveFeed(
            () -> {
                made.incrementAndGet();
                meanwhile.run();
                return snapshot();
            },
            Duration.ofMillis(200));
    private final List<Socket> sockets = new ArrayList<>();
    private volatile int size;
    private AdminServer server;

    @BeforeEach
    void start() throws IOException {
        server = AdminServer.start(
                "127.0.0.1",
                0,
                Stream.concat(LivePage.all().stream(), Stream.of(feed)).toList());
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        server.close();
    }

    @Test
    void tellsAllAtOnceAndThenWhatHasChanged() throws IOException {
        BufferedReader watcher = watch();

        assertThat(nextEvent(watcher)).startsWith("data: {\"at\":").contains("\"config\":[");
        feed.publish();
        assertThat(nextEvent(watcher)).contains("\"config\":[");
        feed.publish();
        assertThat(nextEvent(watcher)).isEqualTo("data: {}");
    }

    /** An event that came before the first one, or beside it, would be two writes at a time. */
    @Test
    void tellsNothingWhileTheFirstEventIsMade() throws IOException {
        meanwhile = () -> {
            meanwhile = () -> {};
            feed.publish();
        };

        BufferedReader watcher = watch();

        assertThat(watcher.readLine()).as("size of the first chunk").matches("[0-9A-Fa-f]+");
        assertThat(watcher.readLine()).isEqualTo("retry: 1000");
        assertThat(nextEvent(watcher)).contains("\"config\":[");
        feed.publish();
        assertThat(nextEvent(watcher)).contains("\"config\":[");
    }

    @Test
    void keepsNoPlaceForWhomItCannotTell() throws IOException {
        meanwhile = () -> {
            throw new IllegalStateException("expected by this test");
        };
        for (int watcher = 0; watcher < LiveFeed.MOST_WATCHERS; watcher++) {
            assertThat(head(ask("GET", LiveFeed.PATH))).startsWith("HTTP/1.1 500");
        }

        meanwhile = () -> {};

        assertThat(nextEvent(watch())).contains("\"config\":[");
    }

    @Test
    void makesNothingForNobody() {
        feed.publish();

        assertThat(made).hasValue(0);
    }

    @Test
    void refusesTheSeventeenth() throws IOException {
        for (int watcher = 0; watcher < LiveFeed.MOST_WATCHERS; watcher++) {
            nextEvent(watch());
        }

        assertThat(head(ask("GET", LiveFeed.PATH))).startsWith("HTTP/1.1 503").contains("Retry-After: 5");
    }

    @Test
    void endsAtOnceForHead() throws IOException {
        assertThat(head(ask("HEAD", LiveFeed.PATH)))
                .startsWith("HTTP/1.1 200")
                .contains("Content-Type: text/event-stream");

        feed.publish();
        assertThat(made).hasValue(0);
    }

    @Test
    void forgetsWhoHasLeft() throws IOException {
        nextEvent(watch());
        sockets.get(0).setSoLinger(true, 0);
        sockets.get(0).close();

        feedUntilNobodyWatches();
    }

    /** Each event is another one, and far larger than what lies on the way to somebody who does not read. */
    @Test
    void dropsWhoDoesNotTakeHisEvents() throws IOException {
        nextEvent(watch());
        size = 4_000_000;

        feedUntilNobodyWatches();

        sockets.get(0).getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private LiveSnapshot snapshot() {
        LiveSnapshot example = LiveExamples.snapshot();
        return new LiveSnapshot(
                example.at().plusSeconds(size == 0 ? 0 : made.get()),
                example.program(),
                example.totals(),
                example.streams(),
                example.ended(),
                example.history(),
                example.health(),
                List.of(new ConfigCommand.ShownSetting(
                        "LOG_DIR", "x".repeat(size) + (size == 0 ? "" : made), "default")));
    }

    /** Publishing never waits for a watcher, so it may be repeated as fast as it goes. */
    private void feedUntilNobodyWatches() {
        int before;
        do {
            before = made.get();
            feed.publish();
        } while (made.get() > before);
    }

    @Test
    void letsThePageRunNothingButItsOwnScripts() throws IOException {
        String page = new String(ask("GET", "/").getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(page)
                .startsWith("HTTP/1.1 200")
                .contains("Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self';")
                .contains("Content-Type: text/html; charset=utf-8")
                .doesNotContain("style=")
                .doesNotContain("onclick")
                .doesNotContain("//cdn");
    }

    private BufferedReader watch() throws IOException {
        BufferedReader reader = new BufferedReader(
                new InputStreamReader(ask("GET", LiveFeed.PATH).getInputStream(), StandardCharsets.UTF_8));
        String line = reader.readLine();
        assertThat(line).startsWith("HTTP/1.1 200");
        while (!line.isEmpty()) {
            line = reader.readLine();
        }
        return reader;
    }

    private static String nextEvent(BufferedReader watcher) throws IOException {
        String line = watcher.readLine();
        while (!line.startsWith("data:")) {
            line = watcher.readLine();
        }
        return line;
    }

    private Socket ask(String method, String path) throws IOException {
        Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort());
        sockets.add(socket);
        socket.setSoTimeout(20_000);
        String connection = path.equals(LiveFeed.PATH) ? "keep-alive" : "close";
        socket.getOutputStream()
                .write("%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: %s\r\n\r\n"
                        .formatted(method, path, connection)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String head(Socket socket) throws IOException {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder head = new StringBuilder();
        for (String line = reader.readLine(); !line.isEmpty(); line = reader.readLine()) {
            head.append(line).append('\n');
        }
        return head.toString();
    }
}
