package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** An OpenTelemetry collector that takes traces by OTLP over HTTP, and remembers them. */
final class CollectorStub implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<OtlpSpan> spans = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile int status = 200;
    private volatile boolean isSilent;

    private CollectorStub(HttpServer server) {
        this.server = server;
    }

    static CollectorStub start() throws IOException {
        return start(0);
    }

    static CollectorStub start(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        CollectorStub collector = new CollectorStub(server);
        server.setExecutor(collector.threads);
        server.createContext("/", collector::take);
        server.start();
        return collector;
    }

    /** Starts a proxy in front of an upstream on this port that sends its traces here, with these flags on top. */
    LauncherProcess traced(Path home, int upstreamPort, String... more) throws IOException {
        List<String> flags = new ArrayList<>(List.of("--otel-exporter-otlp-endpoint", uri()));
        flags.addAll(List.of(more));
        return LauncherProcess.forwarding(home, upstreamPort, flags.toArray(String[]::new));
    }

    private void take(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().getFirst("Content-Type") + " "
                + exchange.getRequestHeaders().getFirst("Api-key"));
        if (isSilent) {
            awaitClosing();
        }
        if (status == 200) {
            spans.addAll(OtlpSpan.in(body));
        }
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private void awaitClosing() {
        try {
            closing.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Answers with this status from now on. */
    void answer(int newStatus) {
        status = newStatus;
    }

    /** Answers nothing until closed. */
    void fallSilent() {
        isSilent = true;
    }

    String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Method, path, content type and {@code api-key} of each request. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    List<OtlpSpan> spans() {
        return List.copyOf(spans);
    }

    /** Waits for so many spans in all, oldest first. */
    List<OtlpSpan> awaitSpans(int count) {
        Eventually.await(count + " spans", Duration.ofSeconds(20), () -> spans.size() >= count);
        assertThat(spans).hasSize(count);
        return spans();
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
