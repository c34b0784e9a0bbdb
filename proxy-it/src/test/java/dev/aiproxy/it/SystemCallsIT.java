package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often the proxy asks the kernel, counted by strace(1) where that is installed and may look. */
final class SystemCallsIT {

    private static final int EVENTS = 500;
    private static final String REQUEST = "POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";

    /** One to read a piece and one to write it; some room for what else the process does meanwhile. */
    private static final double MOST_FOR_A_PIECE = 2.2;

    /**
     * For a small request and its answer: one to read and one to write each, and one to see whether the upstream's connection is
     * still good. Each wake-up of a selector would be two more.
     */
    private static final double MOST_FOR_A_REQUEST = 7;

    private static final Pattern CALL =
            Pattern.compile("\\b(read|readv|recvfrom|recvmsg|write|writev|sendto|sendmsg)\\(");

    @TempDir
    Path home;

    @Test
    void readsOnceAndWritesOnceForAPieceOfAStream() throws Exception {
        double calls = callsForEach(
                "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n",
                (upstream, client) -> {
                    upstream.readHead();
                    upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    client.readHead();
                },
                (upstream, client) -> {
                    upstream.sendChunk("event");
                    assertThat(client.readChunk()).isEqualTo("event");
                });

        assertThat(calls).isLessThan(MOST_FOR_A_PIECE);
    }

    @Test
    void wakesUpNoOtherThreadForASmallRequest() throws Exception {
        double calls = callsForEach(REQUEST, SystemCallsIT::answer, (upstream, client) -> {
            client.send(REQUEST);
            answer(upstream, client);
        });

        assertThat(calls).isLessThan(MOST_FOR_A_REQUEST);
    }

    private static void answer(RawClient upstream, RawClient client) throws IOException {
        upstream.readHead();
        upstream.readRaw(2);
        upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        client.readHead();
        assertThat(client.readRaw(2)).isEqualTo("ok");
    }

    /**
     * Reads and writes of the proxy for one of many passes, each begun only when the one before is through.
     *
     * @param beginning what follows the first request
     */
    private double callsForEach(String request, Pass beginning, Pass each) throws Exception {
        assumeTrue(isAllowed(), "strace is not there, or may not look");
        try (RawServer server = RawServer.open();
                LauncherProcess launcher = LauncherProcess.forwarding(home, portOf(server));
                RawClient client = RawClient.connect(launcher.awaitAddress())) {
            client.send(request);
            RawClient upstream = server.accept();
            beginning.between(upstream, client);
            Work all = () -> {
                for (int i = 0; i < EVENTS; i++) {
                    each.between(upstream, client);
                }
            };
            all.run();
            return (double) countedWhile(launcher.pid(), all) / EVENTS;
        }
    }

    private long countedWhile(long pid, Work work) throws Exception {
        Path calls = home.resolve("calls.txt");
        Path messages = home.resolve("strace.txt");
        Process strace = strace(calls, messages, "-p", Long.toString(pid));
        try {
            Eventually.await(
                    "strace to look at the proxy", () -> textOf(messages).contains(" attached"));
            work.run();
        } finally {
            // As by Ctrl-C, which lets the process go on.
            new ProcessBuilder("kill", "-INT", Long.toString(strace.pid()))
                    .start()
                    .waitFor(10, TimeUnit.SECONDS);
            assertThat(strace.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        return Files.readAllLines(calls).stream()
                .filter(line -> CALL.matcher(line).find())
                .count();
    }

    private boolean isAllowed() throws InterruptedException {
        try {
            Process tried = strace(home.resolve("tried-calls.txt"), home.resolve("tried.txt"), "true");
            return tried.waitFor(10, TimeUnit.SECONDS) && tried.exitValue() == 0;
        } catch (IOException notInstalled) {
            return false;
        }
    }

    private static Process strace(Path calls, Path messages, String... what) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("strace", "-f", "-o", calls.toString());
        builder.command().addAll(List.of(what));
        return builder.redirectErrorStream(true)
                .redirectOutput(messages.toFile())
                .start();
    }

    private static String textOf(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException notYet) {
            return "";
        }
    }

    private static int portOf(RawServer server) {
        return URI.create("http://" + server.authority()).getPort();
    }

    private interface Pass {
        void between(RawClient upstream, RawClient client) throws IOException;
    }

    private interface Work {
        void run() throws IOException;
    }
}
