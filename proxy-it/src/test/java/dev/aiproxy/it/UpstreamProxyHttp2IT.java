package dev.aiproxy.it;

import static dev.aiproxy.it.Promptness.assertPromptEnd;
import static dev.aiproxy.it.ProxyErrors.assertProxyError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.aiproxy.Outcome;
import dev.aiproxy.TargetHttpVersion;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** HTTP/2 to the upstream goes through proxies that others have written, in tunnels. */
@Timeout(60)
final class UpstreamProxyHttp2IT {
    private static final TestCertificates CERTIFICATES = TestCertificates.get();
    private static final Duration PROMPT = Duration.ofMillis(300);
    private static final int UPLOAD_BYTES = 1024 * 1024;
    private static final int EVENTS = 3;

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    @TempDir
    Path folder;

    private RealProxy between;

    @AfterEach
    void close() {
        // First, lest the tunnels be cut.
        proxy.proxy().close();
        if (between != null) {
            between.close();
        }
    }

    static Stream<Arguments> proxiesAndTargets() {
        return Arrays.stream(RealProxy.Kind.values())
                .flatMap(kind -> Stream.of(true, false).map(isSecure -> arguments(kind, isSecure)));
    }

    private void through(RealProxy.Kind kind) throws IOException {
        between = RealProxy.start(kind, true, folder);
        proxy.with(builder -> builder.upstreamProxy(between.uri()).targetCa(List.of(CERTIFICATES.authority())));
    }

    @ParameterizedTest(name = "{0}, TLS {1}")
    @MethodSource("proxiesAndTargets")
    void showsEachEventOfManyStreamsInOneTunnel(RealProxy.Kind kind, boolean isSecure) throws IOException {
        through(kind);
        proxy.toHttp2(isSecure);
        Map<String, Gate> gates = Map.of("/v1/a?b=%2F", Gate.named("first"), "/v1/b", Gate.named("second"));
        proxy.upstream().answer(request -> Answers.gatedEvents(EVENTS, gates.get(request.target())));

        RawClient first = proxy.connect().send(proxy.postRequest("/v1/a?b=%2F", "{}"));
        RawClient second = proxy.get("/v1/b");

        first.readHead();
        second.readHead();
        for (int number = 1; number <= EVENTS; number++) {
            gates.values().forEach(Gate::open);
            assertThat(first.readChunk()).isEqualTo(Answers.event(number));
            assertThat(second.readChunk()).isEqualTo(Answers.event(number));
        }
        assertThat(proxy.front().connections()).isEqualTo(1);
        assertThat(proxy.upstream().requests())
                .allSatisfy(
                        request -> assertThat(request.head().text()).doesNotContainIgnoringCase("Proxy-Authorization"));
    }

    @ParameterizedTest(name = "{0}, TLS {1}")
    @MethodSource("proxiesAndTargets")
    void uploadsStreamThrough(RealProxy.Kind kind, boolean isSecure) throws IOException {
        through(kind);
        proxy.toHttp2(isSecure);
        proxy.upstream().enqueue(Answers.ok());

        RawClient client = proxy.connect();
        client.send("POST /up HTTP/1.1\r\nHost: x\r\nContent-Length: " + UPLOAD_BYTES + "\r\n\r\n");
        byte[] body = Pattern.bytes(UPLOAD_BYTES);
        client.send(Arrays.copyOf(body, 10));
        RecordedRequest request = proxy.upstream().takeRequest().awaitBody(10);
        client.send(Arrays.copyOfRange(body, 10, UPLOAD_BYTES));

        assertThat(client.readResponse().status()).isEqualTo(200);
        assertThat(request.awaitComplete().bodyChecksum()).isEqualTo(Pattern.checksum(UPLOAD_BYTES));
    }

    @ParameterizedTest(name = "{0}, TLS {1}")
    @MethodSource("proxiesAndTargets")
    void aClientThatLeavesStopsTheUpstream(RealProxy.Kind kind, boolean isSecure) throws IOException {
        through(kind);
        proxy.toHttp2(isSecure);
        proxy.upstream().enqueue(Answers.silence());
        RawClient client = proxy.connect().send(proxy.postRequest("/slow", "{}"));
        RecordedConnection connection =
                proxy.upstream().takeRequest().awaitComplete().connection();

        long leftAtNanos = Leaving.FIN.from(client);

        assertPromptEnd(connection, leftAtNanos, PROMPT);
        proxy.expectEnd(Outcome.CLIENT_GONE);
    }

    @ParameterizedTest
    @EnumSource
    void goesInHttp1IfTheUpstreamPrefersThat(RealProxy.Kind kind) throws IOException {
        through(kind);
        proxy.to(ScriptedUpstream.tls(CERTIFICATES.localhost()))
                .with(builder -> builder.targetHttpVersion(TargetHttpVersion.AUTO));
        proxy.upstream().answer(request -> Answers.ok());
        RawClient client = proxy.connect();

        for (int number = 1; number <= EVENTS; number++) {
            assertThat(client.send(proxy.postRequest("/", "{}")).readResponse().status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsThatTheUpstreamDoesNotAgreeToHttp2(RealProxy.Kind kind) throws IOException {
        through(kind);
        proxy.to(ScriptedUpstream.tls(CERTIFICATES.localhost()))
                .with(builder -> builder.targetHttpVersion(TargetHttpVersion.HTTP_2));

        assertProxyError(proxy.get("/").readResponse(), 502, "upstream_version_refused");
    }

    @ParameterizedTest(name = "{0}, TLS {1}")
    @MethodSource("proxiesAndTargets")
    void tellsThatThePasswordIsWrong(RealProxy.Kind kind, boolean isSecure) throws IOException {
        through(kind);
        proxy.toHttp2(isSecure).with(builder -> builder.upstreamProxy(between.uriOfAStranger()));

        assertProxyError(proxy.get("/").readResponse(), 502, "upstream_proxy_auth_failed");
        assertThat(proxy.front().connections()).isZero();
    }

    @ParameterizedTest(name = "{0}, TLS {1}")
    @MethodSource("proxiesAndTargets")
    void tellsThatTheUpstreamIsNotThere(RealProxy.Kind kind, boolean isSecure) throws IOException {
        through(kind);
        RawServer closed = RawServer.open();
        closed.close();
        proxy.target(URI.create((isSecure ? "https://" : "http://") + closed.authority()))
                .with(builder -> builder.targetHttpVersion(TargetHttpVersion.HTTP_2));

        assertProxyError(proxy.get("/").readResponse(), 502, "upstream_proxy_refused");
    }
}
