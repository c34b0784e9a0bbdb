package dev.aiproxy.it;

import static dev.aiproxy.it.Promptness.assertPrompt;
import static dev.aiproxy.it.ProxyErrors.assertProxyError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.Outcome;
import dev.aiproxy.TargetHttpVersion;
import dev.aiproxy.UpstreamConnections;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 to the upstream, frame by frame. The suites over {@link Transport} say what is the same as in HTTP/1.1. */
final class Http2UpstreamIT {
    private static final Duration AT_ONCE = Duration.ofMillis(300);
    private static final int MANY = 50;

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private final AtomicInteger asked = new AtomicInteger();
    private FrameScript script;
    private FrameServer server;

    private void serve(Consumer<FrameScript.Asked> answer) {
        serve(answer, 1_000);
    }

    private void serve(Consumer<FrameScript.Asked> answer, int mostStreams) {
        script = new FrameScript(answer);
        server = FrameServer.plain(script, mostStreams);
        proxy.with(builder -> builder.target(server.uri()).targetHttpVersion(TargetHttpVersion.HTTP_2));
    }

    @AfterEach
    void stopServer() {
        proxy.proxy().close();
        if (server != null) {
            server.close();
        }
    }

    private boolean isFirst() {
        return asked.incrementAndGet() == 1;
    }

    @Test
    void makesPseudoFieldsAndLowerCaseOfAnHttp1Head() throws Exception {
        serve(request -> request.answer("fine"));

        RawClient client = proxy.connect()
                .send("PATCH /v1//a%2fb/..;x=1?q=a%20b&e= HTTP/1.1\r\nHost: client.example\r\nX-Second: 2\r\n"
                        + "Accept: */*\r\nCookie: a=1; b=2\r\nTE: trailers, gzip\r\nConnection: TE, X-Hop\r\n"
                        + "X-Hop: 1\r\nX-Odd: caf\u00e9\r\nKeep-Alive: 5\r\nX-Second: 3\r\n\r\n");

        assertThat(client.readResponse().text()).isEqualTo("fine");
        FrameScript.Asked request = script.take();
        assertThat(request.request().getMethod()).isEqualTo("PATCH");
        assertThat(request.path()).isEqualTo("/v1//a%2fb/..;x=1?q=a%20b&e=");
        assertThat(request.request().getHttpURI().getAuthority())
                .isEqualTo(server.uri().getAuthority());
        assertThat(request.request().getHttpFields())
                .extracting(field -> field.getName() + ": " + field.getValue())
                .containsExactly(
                        "x-second: 2",
                        "accept: */*",
                        "cookie: a=1; b=2",
                        "x-odd: caf\u00e9",
                        "x-second: 3",
                        "te: trailers");
    }

    @Test
    void makesAnHttp1HeadOfThePseudoFieldAndTheFields() throws Exception {
        serve(request -> request.head(
                        207, false, "x-b", "1", "content-type", "text/plain", "x-b", "2", "x-odd", "\u00e9")
                .data("body", true));

        RawResponse response = proxy.get("/").readResponse();

        assertThat(response.head().text())
                .isEqualTo("HTTP/1.1 207 \r\nx-b: 1\r\ncontent-type: text/plain\r\nx-b: 2\r\nx-odd: \u00e9\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n");
        assertThat(response.text()).isEqualTo("body");
    }

    @Test
    void countsItsConnections() throws Exception {
        serve(request -> {});
        RawClient client = proxy.get("/");
        FrameScript.Asked request = script.take();
        assertThat(proxy.proxy().upstreamConnections()).isEqualTo(new UpstreamConnections(1, 1, 0));

        request.answer("fine");

        client.readResponse();
        Eventually.await(
                "the connection to be idle",
                () -> proxy.proxy().upstreamConnections().equals(new UpstreamConnections(1, 1, 1)));
    }

    @Test
    void sendsBodiesWithTheirTrailers() throws Exception {
        serve(request -> {});
        RawClient client = proxy.connect()
                .send(
                        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 4\r\n\r\n");
        FrameScript.Asked request = script.take();
        Eventually.await("the body", () -> request.body().equals("body"));

        request.answer("fine");

        assertThat(client.readResponse().text()).isEqualTo("fine");
        assertThat(request.request().getHttpFields().contains("content-length")).isFalse();
    }

    @Test
    void takesNoPushes() throws Exception {
        serve(request -> request.answer("fine"));

        proxy.get("/").readResponse();

        assertThat(script.settings()).containsEntry(SettingsFrame.ENABLE_PUSH, 0);
    }

    @Test
    void keepsWhatClientsSendOutOfTheSharedTable() throws Exception {
        serve(request -> request.answer("fine"));

        proxy.connect()
                .send("GET / HTTP/1.1\r\nHost: x\r\nx-api-key: sk-secret\r\nX-Odd: 1\r\n\r\n")
                .readResponse();

        assertThat(script.take().sharedFields()).isZero();
    }

    @Test
    void saysThatAnEndIsNoAnswer() throws Exception {
        serve(request -> request.data("", true));

        assertProxyError(proxy.get("/").readResponse(), 502, "upstream_bad_response");
    }

    @Test
    void carriesManyExchangesOnOneConnection() throws Exception {
        serve(request -> {});
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            clients.add(proxy.get("/" + i));
        }

        for (int i = 0; i < MANY; i++) {
            FrameScript.Asked request = script.take();
            request.answer(request.path());
        }

        for (int i = 0; i < MANY; i++) {
            assertThat(clients.get(i).readResponse().text()).isEqualTo("/" + i);
        }
        assertThat(script.connections()).isEqualTo(1);
    }

    @Test
    void makesAnotherConnectionWhenOneIsFull() throws Exception {
        serve(
                request -> {
                    if (request.path().equals("/warm")) {
                        request.answer("fine");
                    }
                },
                2);
        assertThat(proxy.get("/warm").readResponse().text()).isEqualTo("fine");
        script.take();
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(proxy.get("/" + i));
        }

        List<FrameScript.Asked> requests = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            requests.add(script.take());
        }
        requests.forEach(request -> request.answer("fine"));

        for (RawClient client : clients) {
            assertThat(client.readResponse().text()).isEqualTo("fine");
        }
        assertThat(script.connections()).isEqualTo(2);
    }

    @Test
    void sendsAgainWhatIsRefused() throws Exception {
        serve(request -> {
            if (isFirst()) {
                request.reset(ErrorCode.REFUSED_STREAM_ERROR);
            } else {
                request.head(200, false);
            }
        });
        RawClient client = proxy.connect().send(proxy.postRequest("/", "{\"a\":1}"));
        script.take();
        FrameScript.Asked second = script.take();
        Eventually.await("the body once more", () -> second.body().equals("{\"a\":1}"));

        second.data("fine", true);

        assertThat(client.readResponse().text()).isEqualTo("fine");
        assertThat(proxy.proxy().stats().replays()).isEqualTo(1);
    }

    @Test
    void sendsAgainWhatAGoAwayLeavesUnseen() throws Exception {
        serve(request -> {
            if (isFirst()) {
                request.goAwayUnseen();
            } else {
                request.answer("fine");
            }
        });

        RawClient client = proxy.connect().send(proxy.postRequest("/", "{}"));

        assertThat(client.readResponse().text()).isEqualTo("fine");
        assertThat(script.connections()).isEqualTo(2);
        assertThat(proxy.proxy().stats().replays()).isEqualTo(1);
    }

    @Test
    void repeatsNothingThatTheUpstreamMayHaveSeen() throws Exception {
        serve(request -> request.reset(ErrorCode.INTERNAL_ERROR));

        RawClient client = proxy.connect().send(proxy.postRequest("/", "{}"));

        assertProxyError(client.readResponse(), 502, "upstream_closed");
        script.take();
        assertThat(script.left()).isZero();
    }

    @Test
    void repeatsNothingForEver() throws Exception {
        serve(request -> request.reset(ErrorCode.REFUSED_STREAM_ERROR));

        assertProxyError(proxy.get("/").readResponse(), 502, "upstream_closed");

        assertThat(asked.get() + script.left()).isEqualTo(4);
    }

    @Test
    void letsStreamsFinishOnAConnectionThatGoesAway() throws Exception {
        serve(request -> {
            if (isFirst()) {
                // First, so that whoever has the head knows.
                request.goAwayInTime();
            }
            request.head(200, false);
        });
        RawClient first = proxy.get("/first");
        first.readHead();
        FrameScript.Asked spared = script.take();
        RawClient second = proxy.get("/second");
        second.readHead();

        script.take().data("other", true);
        spared.data("spared", true);

        assertThat(second.readChunk()).isEqualTo("other");
        assertThat(first.readChunk()).isEqualTo("spared");
        assertThat(first.readChunk()).isEmpty();
        assertThat(script.connections()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"head", "data", "trailers"})
    void tearsAResponseThatEndsBeforeItsLength(String last) throws Exception {
        serve(request -> {
            request.head(200, last.equals("head"), "content-length", "10");
            if (last.equals("data")) {
                request.data("half", true);
            } else if (last.equals("trailers")) {
                request.data("half", false).trailers("x-sum", "4");
            }
        });

        RawClient client = proxy.get("/");

        assertThat(client.readResponse().integrity()).isEqualTo(RawResponse.Integrity.CUT_BY_FIN);
        proxy.expectEnd(Outcome.UPSTREAM_CUT);
    }

    @Test
    void tearsAResponseThatIsReset() throws Exception {
        serve(request -> request.head(200, false));
        RawClient client = proxy.get("/");
        MessageHead head = client.readHead();
        FrameScript.Asked request = script.take();
        request.data("half", false);
        assertThat(client.readChunk()).isEqualTo("half");

        request.reset(ErrorCode.INTERNAL_ERROR);

        assertThat(client.readRestOf(head).integrity()).isEqualTo(RawResponse.Integrity.CUT_BY_FIN);
        proxy.expectEnd(Outcome.UPSTREAM_CUT);
    }

    @Test
    void tearsAResponseWhoseConnectionIsLost() throws Exception {
        serve(request -> request.head(200, false));
        RawClient client = proxy.get("/");
        MessageHead head = client.readHead();

        script.take().drop();

        assertThat(client.readRestOf(head).integrity()).isEqualTo(RawResponse.Integrity.CUT_BY_FIN);
        proxy.expectEnd(Outcome.UPSTREAM_CUT);
    }

    @Test
    void takesAResetForNoFailureWhenTheAnswerIsWhole() throws Exception {
        serve(request -> {
            request.head(413, false, "content-length", "8").data("too much", true);
            request.reset(ErrorCode.NO_ERROR);
        });

        RawClient client = proxy.connect().send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nbegin");

        RawResponse response = client.readResponse();
        assertThat(response.status()).isEqualTo(413);
        assertThat(response.text()).isEqualTo("too much");
        client.fin();
        proxy.expectEnd(Outcome.COMPLETED);
    }

    @Test
    void resetsTheStreamOfAClientThatLeavesAndLeavesOthersAlone() throws Exception {
        serve(request -> request.head(200, false));
        RawClient leaving = proxy.get("/leaving");
        leaving.readHead();
        FrameScript.Asked left = script.take();
        RawClient staying = proxy.get("/staying");
        staying.readHead();
        FrameScript.Asked kept = script.take();

        long leftAt = System.nanoTime();
        leaving.fin();

        assertThat(left.awaitReset()).isEqualTo("CANCEL_STREAM_ERROR");
        assertPrompt(leftAt, AT_ONCE);
        kept.data("still here", true);
        assertThat(staying.readChunk()).isEqualTo("still here");
        assertThat(script.connections()).isEqualTo(1);
    }

    @Test
    void keepsOthersGoingBesideClientsThatReadNothing() throws Exception {
        String piece = "x".repeat(16 * 1024);
        serve(request -> {
            request.head(200, false);
            if (request.path().equals("/stalled")) {
                pour(request, piece, 2_000);
            } else {
                request.data("fine", true);
            }
        });
        for (int i = 0; i < 20; i++) {
            proxy.get("/stalled").readHead();
        }

        assertThat(proxy.get("/other").readResponse().text()).isEqualTo("fine");
        assertThat(script.connections()).isEqualTo(1);
    }

    private static void pour(FrameScript.Asked request, String piece, int times) {
        Thread thread = new Thread(() -> request.pour(piece, times));
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    void refusesAHeadThatIsTooLargeAndKeepsTheConnection() throws Exception {
        serve(request -> {
            if (request.path().equals("/large")) {
                request.head(200, true, "x-large", "x".repeat(10_000));
            } else {
                request.head(200, false);
            }
        });
        proxy.with(builder -> builder.maxHeaderBytes(8 * 1024));
        RawClient other = proxy.get("/other");
        other.readHead();
        FrameScript.Asked kept = script.take();

        assertProxyError(proxy.get("/large").readResponse(), 502, "upstream_bad_response");

        kept.data("fine", true);
        assertThat(other.readChunk()).isEqualTo("fine");
    }
}
