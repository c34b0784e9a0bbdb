package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.aiproxy.Outcome;
import dev.aiproxy.TargetHttpVersion;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 to a server that others have written: nghttpd, without TLS and agreed to in TLS. */
final class Http2ServersIT {
    private static final int FILE_BYTES = 3_000_000;
    private static final int MANY = 20;

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    @TempDir
    Path folder;

    private String file;

    @BeforeEach
    void requireNghttpd() throws IOException {
        boolean isThere = Stream.of(
                        (System.getenv("PATH") + File.pathSeparator + "/usr/sbin").split(File.pathSeparator))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "nghttpd")));
        assumeTrue(System.getenv("CI") != null || isThere, "nghttpd is not on the PATH");
        byte[] bytes = new byte[FILE_BYTES];
        new Random(42).nextBytes(bytes);
        Files.write(folder.resolve("file"), bytes);
        file = new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private ClientProcess serve(boolean isSecure, String... more) throws IOException {
        int port = FreePort.any();
        List<String> command = new ArrayList<>(List.of("nghttpd", "--address=127.0.0.1", "--htdocs=" + folder));
        command.addAll(List.of(more));
        if (!isSecure) {
            command.add("--no-tls");
        }
        command.add(Integer.toString(port));
        if (isSecure) {
            TestCertificates certificates = TestCertificates.get();
            TestCertificates.write(folder.resolve("key.pem"), certificates.localhostKey());
            TestCertificates.write(folder.resolve("chain.pem"), certificates.localhostChain());
            command.addAll(List.of(
                    folder.resolve("key.pem").toString(),
                    folder.resolve("chain.pem").toString()));
        }
        ClientProcess server = ClientProcess.start(folder, command);
        Eventually.await("nghttpd to listen", () -> isListening(port));
        proxy.with(builder -> builder.target(
                        URI.create(isSecure ? "https://localhost:" + port : "http://127.0.0.1:" + port))
                .targetCa(List.of(TestCertificates.get().authority()))
                .targetHttpVersion(isSecure ? TargetHttpVersion.AUTO : TargetHttpVersion.HTTP_2));
        return server;
    }

    private static boolean isListening(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bringsManyFilesOverOneConnectionBitByBit(boolean isSecure) throws IOException {
        try (ClientProcess server = serve(isSecure)) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                clients.add(proxy.get("/file"));
            }

            for (RawClient client : clients) {
                RawResponse response = client.readResponse();
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.head().contentLength()).contains((long) FILE_BYTES);
                assertThat(response.text().equals(file)).as("the same bytes").isTrue();
            }
            assertThat(server.isAlive()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void getsAnUploadBackBitByBit(boolean isSecure) throws IOException {
        try (ClientProcess server = serve(isSecure, "--echo-upload")) {
            RawClient client = proxy.connect().send(proxy.postRequest("/", file));

            assertThat(client.readResponse().text().equals(file))
                    .as("the same bytes")
                    .isTrue();
            assertThat(server.isAlive()).isTrue();
        }
        proxy.expectEnd(Outcome.COMPLETED);
    }
}
