package dev.aiproxy.it;

import static dev.aiproxy.it.ProxyErrors.assertProxyError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.ForwardProxy;
import dev.aiproxy.ForwardProxyBuilder;
import dev.aiproxy.TargetHttpVersion;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Other settings for a proxy that runs and speaks HTTP/2 to its upstream: the next request takes the new way, streams in
 * flight end where they are, and their connection ends with the last of them.
 */
@Timeout(60)
final class ReconfigureHttp2IT {
    private static final TestCertificates CERTIFICATES = TestCertificates.get();

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private final List<FrameServer> servers = new ArrayList<>();

    /** Answers {@code GET /} at once, and leaves other paths to the test. */
    private final FrameScript script = new FrameScript(ReconfigureHttp2IT::answerShortOnes);

    private static void answerShortOnes(FrameScript.Asked asked) {
        if (asked.path().equals("/")) {
            asked.answer("in 2");
        }
    }

    @AfterEach
    void close() {
        proxy.proxy().close();
        servers.forEach(FrameServer::close);
    }

    private FrameServer open(FrameServer server) {
        servers.add(server);
        return server;
    }

    /** The server that the proxy starts with. */
    private FrameServer first() {
        FrameServer server = open(FrameServer.plain(script));
        proxy.target(server.uri()).with(builder -> builder.targetHttpVersion(TargetHttpVersion.HTTP_2));
        return server;
    }

    private void change(UnaryOperator<ForwardProxyBuilder> changes) {
        proxy.proxy()
                .reconfigure(changes.apply(ForwardProxy.builder()
                        .target(servers.get(0).uri())
                        .targetHttpVersion(TargetHttpVersion.HTTP_2)
                        .listen("127.0.0.1", 0)
                        .drainTimeout(Duration.ofMillis(300))));
    }

    private String answer() throws IOException {
        return proxy.get("/").readResponse().text();
    }

    /** A stream in flight, which has had its first event. */
    private record InFlight(RawClient client, FrameScript.Asked asked) {

        void assertGoesOn() throws IOException {
            asked.data("on", true);
            assertThat(client.readChunk()).isEqualTo("on");
            assertThat(client.readRaw("0\r\n\r\n".length())).isEqualTo("0\r\n\r\n");
        }
    }

    private InFlight stream() throws Exception {
        RawClient client = proxy.get("/stream");
        FrameScript.Asked asked = script.take();
        asked.head(200, false).data("first", false);
        client.readHead();
        assertThat(client.readChunk()).isEqualTo("first");
        return new InFlight(client, asked);
    }

    /** After a change, with two streams in flight: the connection ends with the last. */
    private void expectEndOf(FrameServer server, InFlight one, InFlight other) throws Exception {
        one.assertGoesOn();
        // One that the server has refused since the change may need a moment to go.
        Eventually.await("the connection of the streams to be the only one", () -> server.connections() == 1);
        other.assertGoesOn();
        Eventually.await("the old connection to be closed", () -> server.connections() == 0);
    }

    @Test
    void sendsTheNextRequestToTheNewTarget() throws Exception {
        FrameServer old = first();
        InFlight one = stream();
        InFlight other = stream();
        FrameScript next = new FrameScript(asked -> asked.answer("next"));
        FrameServer nextServer = open(FrameServer.plain(next));

        change(builder -> builder.target(nextServer.uri()));

        assertThat(answer()).isEqualTo("next");
        expectEndOf(old, one, other);
        assertThat(answer()).isEqualTo("next");
        assertThat(script.connections()).isEqualTo(1);
        assertThat(next.connections()).isEqualTo(1);
    }

    @Test
    void closesAnIdleConnectionAtOnce() throws Exception {
        FrameServer old = first();
        assertThat(answer()).isEqualTo("in 2");
        assertThat(old.connections()).isEqualTo(1);

        change(builder -> builder.target(proxy.upstream().uri()).targetHttpVersion(TargetHttpVersion.HTTP_1_1));

        Eventually.await("the idle connection to be closed", () -> old.connections() == 0);
    }

    @Test
    void keepsItsConnectionIfOnlyOtherThingsChange() throws Exception {
        first();
        assertThat(answer()).isEqualTo("in 2");

        change(builder -> builder.streamIdleTimeout(Duration.ofMinutes(5)));

        assertThat(answer()).isEqualTo("in 2");
        assertThat(script.connections()).isEqualTo(1);
    }

    @Test
    void leavesHttp2() throws Exception {
        FrameServer old = first();
        InFlight one = stream();
        InFlight other = stream();
        proxy.upstream().enqueue(Answers.json(200, "in 1.1"));

        change(builder -> builder.target(proxy.upstream().uri()).targetHttpVersion(TargetHttpVersion.HTTP_1_1));

        assertThat(answer()).isEqualTo("in 1.1");
        expectEndOf(old, one, other);
    }

    @Test
    void comesToHttp2() throws Exception {
        Gate gate = Gate.named("next event");
        proxy.upstream().enqueue(Answers.gatedEvents(1, gate));
        RawClient client = proxy.get("/stream");
        MessageHead head = client.readHead();
        FrameServer server = open(FrameServer.plain(script));

        change(builder -> builder);

        assertThat(answer()).isEqualTo("in 2");
        gate.open();
        assertThat(client.readRestOf(head).text()).isEqualTo(Answers.event(1));
        RecordedConnection old = proxy.upstream().awaitConnection(1);
        Eventually.await("the old connection to be closed", () -> old.ending() == Ending.FIN);
        assertThat(server.connections()).isEqualTo(1);
    }

    /** Of the version alone, at a target that knows only one. */
    @Test
    void takesTheVersionOfTheNextRequest() throws Exception {
        proxy.to(ScriptedUpstream.tls(CERTIFICATES.localhost()))
                .with(builder -> builder.targetCa(List.of(CERTIFICATES.authority())));
        proxy.upstream().answer(request -> Answers.ok());
        assertThat(proxy.get("/").readResponse().status()).isEqualTo(200);

        changeVersion(TargetHttpVersion.HTTP_2);
        assertProxyError(proxy.get("/").readResponse(), 502, "upstream_version_refused");

        changeVersion(TargetHttpVersion.AUTO);
        assertThat(proxy.get("/").readResponse().status()).isEqualTo(200);

        changeVersion(TargetHttpVersion.HTTP_1_1);
        assertThat(proxy.get("/").readResponse().status()).isEqualTo(200);
    }

    private void changeVersion(TargetHttpVersion version) {
        proxy.proxy()
                .reconfigure(ForwardProxy.builder()
                        .target(proxy.upstream().uri())
                        .targetCa(List.of(CERTIFICATES.authority()))
                        .targetHttpVersion(version)
                        .listen("127.0.0.1", 0)
                        .drainTimeout(Duration.ofMillis(300)));
    }

    @Test
    void goesThroughTheNewUpstreamProxyAndAroundItAgain() throws Exception {
        FrameServer old = first();
        InFlight one = stream();
        InFlight other = stream();
        try (ScriptedUpstream between = ScriptedUpstream.plain()) {
            between.enqueue(Script.of(Step.head("HTTP/1.1 403 Forbidden")));

            change(builder -> builder.upstreamProxy(between.uri()));

            assertProxyError(proxy.get("/").readResponse(), 502, "upstream_proxy_refused");
            assertThat(between.takeRequest().target()).isEqualTo(old.uri().getAuthority());
            expectEndOf(old, one, other);
        }

        change(builder -> builder);

        assertThat(answer()).isEqualTo("in 2");
    }

    @Test
    void showsTheNewClientCertificate() throws Exception {
        FrameServer asking = open(FrameServer.tlsForKnownClients(script, CERTIFICATES.localhostForKnownClients()));
        UnaryOperator<ForwardProxyBuilder> trusting = builder -> builder.targetCa(List.of(CERTIFICATES.authority()));
        UnaryOperator<ForwardProxyBuilder> known = builder ->
                trusting.apply(builder).targetClientCertificate(CERTIFICATES.clientChain(), CERTIFICATES.clientKey());
        proxy.target(asking.uri()).with(builder -> known.apply(builder.targetHttpVersion(TargetHttpVersion.HTTP_2)));
        InFlight one = stream();
        InFlight other = stream();

        change(trusting);
        assertThat(proxy.get("/").readResponse().status()).isEqualTo(502);
        expectEndOf(asking, one, other);

        change(known);
        assertThat(answer()).isEqualTo("in 2");
    }

    @Test
    void leavesWhoWaitsForAConnectionOnTheOldWay() throws Exception {
        FrameServer old = first();
        try (ScriptedUpstream between = ScriptedUpstream.plain()) {
            Gate gate = Gate.named("tunnel");
            between.enqueue(
                    Script.of(Step.await(gate), Step.head("HTTP/1.1 503 Service Unavailable", "Content-Length: 0")));
            proxy.with(builder -> builder.upstreamProxy(between.uri()));
            RawClient waiting = proxy.get("/");
            between.takeRequest();

            change(builder -> builder);
            assertThat(answer()).isEqualTo("in 2");
            gate.open();

            assertProxyError(waiting.readResponse(), 502, "upstream_proxy_refused");
        }
        assertThat(old.connections()).isEqualTo(1);
    }

    @Test
    void losesNoRequestWhileItChangesAllTheTime() throws Exception {
        first();
        FrameServer other = open(FrameServer.plain(new FrameScript(asked -> asked.answer("in 2"))));
        proxy.proxy();
        CompletableFuture<Void> changes = Background.run(() -> {
            for (int i = 0; i < 200; i++) {
                URI target = servers.get(i % 2).uri();
                change(builder -> builder.target(target));
            }
        });
        RawClient client = proxy.connect();

        int answered = 0;
        while (!changes.isDone() || answered < 100) {
            assertThat(client.send(proxy.getRequest("/")).readResponse().text()).isEqualTo("in 2");
            answered++;
        }

        changes.join();
        // The last of those may have been on its way before the last change.
        assertThat(client.send(proxy.getRequest("/")).readResponse().text()).isEqualTo("in 2");
        Eventually.await(
                "whatever was made meanwhile to be closed, but for the last",
                () -> servers.get(0).connections() == 0 && other.connections() == 1);
    }
}
