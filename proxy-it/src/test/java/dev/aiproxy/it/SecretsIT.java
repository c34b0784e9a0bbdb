package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever clients use to prove who they are goes to the AI server and nowhere else: not to a log, not to the console,
 * not into an error, not into a thread's name.
 */
final class SecretsIT {
    /** Part of every credential below, and of nothing else. */
    private static final String SECRET = "s3cr3t";

    private static final String FIELDS = "Authorization: Bearer sk-proj-s3cr3t1\r\nx-api-key: sk-ant-s3cr3t2\r\n"
            + "api-key: s3cr3t3\r\nx-goog-api-key: AIza-s3cr3t4-0123456789\r\nCookie: session=s3cr3t5\r\n"
            + "Proxy-Authorization: Basic s3cr3t6\r\nSec-WebSocket-Protocol: openai-insecure-api-key.s3cr3t7\r\n"
            + "OpenAI-Organization: s3cr3t8\r\n";
    private static final String QUERY = "?key=s3cr3t9&api_key=s3cr3tA&s3cr3tB&a=b%26s3cr3tC#s3cr3tD";

    private final ScriptedUpstream upstream = ScriptedUpstream.plain();
    private final List<String> answers = new ArrayList<>();

    @TempDir
    Path home;

    @AfterEach
    void close() {
        upstream.close();
    }

    @SideBySide
    @ParameterizedTest
    @ValueSource(strings = {"debug", "info", "debug json", "debug locked", "debug proxied", "debug socks"})
    void keepsCredentialsOutOfEverythingItWrites(String level) throws Exception {
        upstream.answer(request -> answer(pathOf(request)));
        List<String> flags = new ArrayList<>(List.of("--log-level", level.split(" ")[0], "--max-header-bytes", "8k"));
        flags.addAll(List.of("--log-format", level.endsWith("json") ? "json" : "text"));
        flags.addAll(List.of("--header-timeout", "1s"));
        if (level.endsWith("locked")) {
            flags.addAll(List.of("--proxy-tokens", "ann:AIza-s3cr3t4-0123456789", "--target-api-key", "sk-s3cr3tY"));
        }
        if (level.endsWith("proxied")) {
            flags.addAll(List.of("--upstream-proxy", "http://me:s3cr3tZ@127.0.0.1:" + upstream.port()));
        } else if (level.endsWith("socks")) {
            flags.addAll(List.of("--upstream-proxy", "socks5://s3cr3t-me:s3cr3tZ@127.0.0.1:" + upstream.port()));
            flags.addAll(List.of("--no-proxy", "127.0.0.1:" + upstream.port()));
        }
        try (LauncherProcess launcher =
                LauncherProcess.forwarding(home, upstream.port(), flags.toArray(String[]::new))) {
            InetSocketAddress address = launcher.awaitAddress();
            sendAll(address);
            try (RawClient waiting = RawClient.connect(address)) {
                waiting.send(request("GET", "/silent" + QUERY, ""));
                Eventually.await("the request that waits", () -> upstream.requests().stream()
                        .anyMatch(request -> pathOf(request).startsWith("/silent")));
                assertThat(threadsOf(launcher)).contains("ai-proxy").doesNotContain(SECRET);
            }
            upstream.close();
            send(address, request("POST", "/down" + QUERY, "{\"key\":\"s3cr3tE\"}"));
            launcher.terminate();
            assertThat(launcher.awaitExit()).isZero();
            assertNothingTold(launcher);
        }
    }

    /** The upstream may stand for a proxy, too, whose requests name a host. */
    private static String pathOf(RecordedRequest request) {
        return request.target().replaceFirst("^http://[^/]*", "");
    }

    private static Script answer(String target) {
        String cookie = "Set-Cookie: session=s3cr3tF; Path=/";
        if (target.startsWith("/silent")) {
            return Answers.silence();
        }
        if (target.startsWith("/torn")) {
            return Answers.headOnly("HTTP/1.1 200 OK", cookie, "Transfer-Encoding: chunked")
                    .then(Step.chunk("s3cr3tG"), new Step.Reset());
        }
        if (target.startsWith("/garbage")) {
            return Script.of(new Step.ReadBody(), Step.send("s3cr3tH\r\n\r\n"), new Step.Fin());
        }
        if (target.startsWith("/flood")) {
            return Answers.message("HTTP/1.1 200 OK", "", cookie + "s3cr3tI".repeat(3_000));
        }
        if (target.startsWith("/nothing")) {
            return Script.of(new Step.ReadBody(), new Step.Fin());
        }
        return Answers.message("HTTP/1.1 401 s3cr3tJ", "{\"error\":\"Incorrect key s3cr3tK\"}", cookie);
    }

    private static String request(String method, String target, String body) {
        return method + " " + target + " HTTP/1.1\r\nHost: s3cr3tL.example\r\n" + FIELDS + "Content-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    private void sendAll(InetSocketAddress address) throws IOException {
        for (String path : List.of("/ok", "/torn", "/garbage", "/flood", "/nothing")) {
            send(address, request("POST", path + QUERY, "{\"key\":\"s3cr3tM\"}"));
        }
        send(address, request("GET", "http://user:s3cr3tN@elsewhere.example/x" + QUERY, ""));
        send(address, request("GET", "http://user:s3cr3tO@127.0.0.1:" + upstream.port() + "/ok" + QUERY, ""));
        send(address, request("CONNECT", "s3cr3tP.example:443", ""));
        send(address, request("CONNECT", "user:s3cr3tP@elsewhere.example:443", ""));
        send(address, request("GET", "/ok" + QUERY, "").replace("s3cr3tL.example", "user:s3cr3tL@elsewhere.example"));
        send(address, request("GET", "/ok" + QUERY, "").replace("s3cr3tL.example", "s3cr3tL@elsewhere.example:1"));
        send(address, request("GET", "/ok" + QUERY, "").replace("Host:", "X-S3cr3t: s3cr3tQ\r\nHost :"));
        send(address, request("GET", "/ok" + QUERY, "").replace("Cookie: ", "Cookie\u0001: "));
        send(address, request("GET", "/ok " + QUERY, ""));
        send(address, request("G\u0002s3cr3tR", "/ok", ""));
        send(address, request("GET", "/ok" + QUERY, "").replace("HTTP/1.1", "HTTP/s3cr3tS"));
        send(address, request("GET", "/ok", "").replace("Cookie: ", "Cookie: " + "s3cr3tT".repeat(3_000)));
        send(address, request("POST", "/ok", "zz").replace("Content-Length: 2", "Content-Length: s3cr3tU"));
        send(address, request("POST", "/ok", "").replace("Content-Length: 0", "Transfer-Encoding: s3cr3tV"));
        send(
                address,
                request("POST", "/ok", "s3cr3tW\r\n").replaceAll("Content-Length: \\d+", "Transfer-Encoding: chunked"));
        send(address, "GET /ok" + QUERY + " HTTP/1.1\r\nAuthorization: s3cr3tX");
    }

    /** Sends it and keeps what comes back, unless it is the upstream's own answer. */
    private void send(InetSocketAddress address, String request) throws IOException {
        try (RawClient client = RawClient.connect(address)) {
            client.send(request);
            String answer = new String(client.readSome(), StandardCharsets.ISO_8859_1);
            if (!answer.startsWith("HTTP/1.1 401 ") && !answer.startsWith("HTTP/1.1 200 ")) {
                answers.add(answer);
            }
        }
    }

    private static String threadsOf(LauncherProcess launcher) throws Exception {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(jcmd.toString(), String.valueOf(launcher.pid()), "Thread.print")
                .redirectErrorStream(true)
                .start();
        String threads = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return threads;
    }

    private void assertNothingTold(LauncherProcess launcher) throws IOException {
        assertThat(launcher.out() + launcher.err()).doesNotContainIgnoringCase(SECRET);
        assertThat(answers).hasSizeGreaterThan(10).allSatisfy(answer -> assertThat(answer)
                .doesNotContainIgnoringCase(SECRET));
        try (Stream<Path> files = Files.walk(home)) {
            List<Path> written = files.filter(Files::isRegularFile).toList();
            assertThat(written).hasSizeGreaterThanOrEqualTo(3);
            assertThat(written).allSatisfy(file -> assertThat(file).content().doesNotContainIgnoringCase(SECRET));
        }
        assertThat(Files.readString(home.resolve("logs/access.log")))
                .contains("/ok")
                .contains("401");
    }
}
