package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.ForwardRule;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Clients whose proxy setting names the proxy reach what it allows, in the clear and through a tunnel under TLS. */
@Timeout(60)
final class ProxyModeClientsIT {
    private static final TestCertificates CERTIFICATES = TestCertificates.get();
    private static final String URLLIB = """
            import ssl, sys, urllib.request
            proxy, url, ca = sys.argv[1:]
            opener = urllib.request.build_opener(
                urllib.request.ProxyHandler({"http": proxy, "https": proxy}),
                urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=ca)))
            print(opener.open(url).read().decode())
            """;

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private final ScriptedUpstream plain = ScriptedUpstream.plain();
    private final ScriptedUpstream secure = ScriptedUpstream.tls(CERTIFICATES.localhost());

    @TempDir
    private Path folder;

    private Path caFile;

    @BeforeEach
    void allow() throws Exception {
        proxy.with(builder ->
                builder.forwardAllow(List.of(ForwardRule.of(plain.authority()), ForwardRule.of(secure.authority()))));
        plain.answer(request -> Answers.json(200, "plain " + request.target()));
        secure.answer(request -> Answers.json(200, "secure " + request.target()));
        String base64 =
                Base64.getMimeEncoder().encodeToString(CERTIFICATES.authority().getEncoded());
        caFile = folder.resolve("ca.pem").toAbsolutePath();
        Files.writeString(caFile, "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
    }

    @AfterEach
    void close() {
        plain.close();
        secure.close();
        assertThat(plain.failures()).isEmpty();
        assertThat(secure.failures()).isEmpty();
    }

    private static String output(Path where, List<String> command) {
        try (ClientProcess client = ClientProcess.start(where, command)) {
            String line = client.nextLine().orElse("");
            assertThat(client.awaitExit()).as("exit code").isZero();
            return line;
        }
    }

    private String curl(ScriptedUpstream upstream) {
        String proxyUri = proxy.uri().toString();
        return output(
                folder,
                List.of("curl", "-sS", "-x", proxyUri, "--cacert", caFile.toString(), upstream.uri() + "/v1?a=b"));
    }

    private String curlUnderTls(ScriptedUpstream upstream, String password) {
        // The certificate is for the name, not for the address.
        String proxyUri = "https://localhost:" + proxy.uri().getPort();
        return output(
                folder,
                List.of(
                        "curl",
                        "-sS",
                        "-x",
                        proxyUri,
                        "--proxy-cacert",
                        caFile.toString(),
                        "--proxy-user",
                        "me:" + password,
                        "--cacert",
                        caFile.toString(),
                        upstream.uri() + "/v1?a=b"));
    }

    private String node(String client, ScriptedUpstream upstream) {
        String proxyUri = proxy.uri().toString();
        return output(
                NodeModules.installed(),
                List.of("node", "fetch.mjs", client, proxyUri, upstream.uri() + "/v1?a=b", caFile.toString()));
    }

    private String urllib(ScriptedUpstream upstream) {
        String proxyUri = proxy.uri().toString();
        return output(
                folder, List.of("python3", "-c", URLLIB, proxyUri, upstream.uri() + "/v1?a=b", caFile.toString()));
    }

    @Test
    void letsCurlThrough() {
        assertThat(curl(plain)).isEqualTo("plain /v1?a=b");
        assertThat(curl(secure)).isEqualTo("secure /v1?a=b");
    }

    /** TLS to the proxy, and TLS to the upstream within it; the password is asked for by neither upstream. */
    @Test
    void letsCurlThroughUnderTlsWithAPassword() throws IOException {
        proxy.overTls(CERTIFICATES.trustingClient())
                .with(builder -> builder.proxyTokens(Map.of("me", "0123456789abcdef")));

        assertThat(curlUnderTls(plain, "0123456789abcdef")).isEqualTo("plain /v1?a=b");
        assertThat(curlUnderTls(secure, "0123456789abcdef")).isEqualTo("secure /v1?a=b");

        assertThat(plain.takeRequest().head().values("Proxy-Authorization")).isEmpty();
        assertThat(secure.takeRequest().head().values("Proxy-Authorization")).isEmpty();
        assertThat(curlUnderTls(plain, "another-password")).contains("proxy_token_required");
    }

    @Test
    void tellsCurlWhatWouldAllowIt() {
        String answer = output(folder, List.of("curl", "-sS", "-x", proxy.uri().toString(), "http://example.com"));

        assertThat(answer).contains("FORWARD_ALLOW");
    }

    @Test
    void letsPythonThrough() {
        assertThat(urllib(plain)).isEqualTo("plain /v1?a=b");
        assertThat(urllib(secure)).isEqualTo("secure /v1?a=b");
    }

    @Test
    void letsUndiciThrough() {
        assertThat(node("undici", plain)).isEqualTo("plain /v1?a=b");
        assertThat(node("undici", secure)).isEqualTo("secure /v1?a=b");
    }

    @Test
    void letsHttpsProxyAgentThrough() {
        assertThat(node("https-proxy-agent", plain)).isEqualTo("plain /v1?a=b");
        assertThat(node("https-proxy-agent", secure)).isEqualTo("secure /v1?a=b");
    }

    /** Its wish for HTTP/2 in the clear ends at the proxy, and it does without. */
    @Test
    void letsTheClientOfTheJdkThrough() throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .proxy(ProxySelector.of(proxy.proxy().address()))
                .sslContext(CERTIFICATES.trustingClient())
                .build();

        for (URI uri : List.of(plain.uri().resolve("/v1?a=b"), secure.uri().resolve("/v1?a=b"))) {
            HttpResponse<String> response =
                    client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(response.body()).isIn("plain /v1?a=b", "secure /v1?a=b");
        }
        assertThat(plain.takeRequest().head().values("Upgrade")).isEmpty();
        assertThat(secure.requests()).hasSize(1);
    }
}
