package dev.aiproxy.it;

import static dev.aiproxy.it.Promptness.assertPrompt;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that answer an upload and close the connection while it is still coming, so that it ends with a reset. */
final class EarlyAnswerIT {
    private static final int ROUNDS = 20;
    private static final int UPLOAD_BYTES = 3 * 1024 * 1024;
    private static final Duration QUICK = Duration.ofSeconds(2);
    private static final Script UNREAD_413 = Script.of(
            new Step.StopReading(),
            Step.send("HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 9\r\n\r\ntoo large"),
            // As the system does for a server that closes with unread bytes.
            new Step.Reset());

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    @ParameterizedTest
    @EnumSource
    void reachAClientThatIsStillSending(ClientProtocol protocol) throws Exception {
        protocol.of(proxy);
        proxy.upstream().answer(request -> UNREAD_413);

        for (int round = 0; round < ROUNDS; round++) {
            try (ClientProtocol.Client client = protocol.connect(proxy)) {
                ClientProtocol.Exchange exchange =
                        client.ask("POST", "/" + round, false, "Content-Length", "" + UPLOAD_BYTES);
                CompletableFuture<Void> sending = Background.run(() -> exchange.send("x".repeat(UPLOAD_BYTES), true));

                assertThat(exchange.status()).isEqualTo(413);
                assertThat(exchange.rest()).isEqualTo("too large|end");

                sending.exceptionally(cut -> null).get(10, TimeUnit.SECONDS);
            }
        }
    }

    /** Not all: a head goes out in more than one record, and a reset between those still passes for a failed connection. */
    @ParameterizedTest
    @ValueSource(strings = {"length", "chunked"})
    void reachAClientFromBehindTls(String framing) throws Exception {
        putBehindTls();
        proxy.upstream().answer(request -> UNREAD_413);
        int heard = 0;

        for (int round = 0; round < ROUNDS; round++) {
            RawClient client = proxy.connect();
            CompletableFuture<Void> sending = Background.run(() -> upload(client, framing));
            heard += client.readResponse().text().equals("too large") ? 1 : 0;
            sending.exceptionally(cut -> null).get(10, TimeUnit.SECONDS);
            client.close();
        }

        assertThat(heard).isGreaterThanOrEqualTo(ROUNDS * 3 / 4);
    }

    private void putBehindTls() {
        proxy.to(ScriptedUpstream.tls(TestCertificates.get().localhost()))
                .with(builder -> builder.targetCa(List.of(TestCertificates.get().authority())));
    }

    private static void upload(RawClient client, String framing) throws IOException {
        String body = "x".repeat(UPLOAD_BYTES);
        String head = "POST / HTTP/1.1\r\nHost: x\r\n";
        client.send(
                framing.equals("length")
                        ? head + "Content-Length: " + UPLOAD_BYTES + "\r\n\r\n" + body
                        : head + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(UPLOAD_BYTES) + "\r\n"
                                + body + "\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void areNotAwaitedWhereThereAreNone(boolean isSecure) throws Exception {
        if (isSecure) {
            putBehindTls();
        }
        proxy.upstream().answer(request -> Script.of(new Step.StopReading(), new Step.Reset()));

        for (int round = 0; round < ROUNDS; round++) {
            RawClient client = proxy.connect();
            long begunAtNanos = System.nanoTime();
            CompletableFuture<Void> sending = Background.run(() -> upload(client, "length"));

            RawResponse response = client.readResponse();

            assertThat(response.status()).isEqualTo(502);
            assertPrompt(begunAtNanos, QUICK);
            sending.exceptionally(cut -> null).get(10, TimeUnit.SECONDS);
            client.close();
        }
    }

    /** A reset may have cut off what came before it, and what has no length of its own then looks whole. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void areNotTakenForWholeWhenAResetEndsThem(boolean isSecure) throws Exception {
        if (isSecure) {
            putBehindTls();
        }
        proxy.upstream()
                .answer(request -> Script.of(
                        new Step.StopReading(), Step.send("HTTP/1.1 413 Too Large\r\n\r\ntoo"), new Step.Reset()));

        for (int round = 0; round < ROUNDS; round++) {
            RawClient client = proxy.connect();
            CompletableFuture<Void> sending = Background.run(() -> upload(client, "length"));

            RawResponse response = client.readResponse();

            assertThat(response.status() == 502 || response.integrity() != RawResponse.Integrity.WHOLE)
                    .as(response.toString())
                    .isTrue();
            sending.exceptionally(cut -> null).get(10, TimeUnit.SECONDS);
            client.close();
        }
    }
}
