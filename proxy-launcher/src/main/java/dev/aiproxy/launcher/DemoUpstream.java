package dev.aiproxy.launcher;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A small AI server on a free port of this machine, for a demonstration that needs no account anywhere. */
final class DemoUpstream implements AutoCloseable {

    static final Duration PACE = Duration.ofMillis(120);
    static final String CHAT_PATH = "/v1/chat/completions";

    private static final String MODELS_PATH = "/v1/models";

    private final HttpServer server;
    private final ExecutorService threads;

    private DemoUpstream(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    static DemoUpstream start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "demo-upstream");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext("/", DemoUpstream::answer);
        server.start();
        return new DemoUpstream(server, threads);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String call =
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
            switch (call) {
                case "GET " + MODELS_PATH -> json(exchange, 200, DemoModel.models());
                case "POST " + CHAT_PATH -> chat(exchange, request);
                default -> json(exchange, 404, DemoModel.error("the demo does not know " + call));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void chat(HttpExchange exchange, String request) throws IOException, InterruptedException {
        if (!DemoModel.wantsStream(request)) {
            json(exchange, 200, DemoModel.completion(request));
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.getResponseHeaders().set("Cache-Control", "no-cache");
        exchange.sendResponseHeaders(200, 0);
        for (String token : DemoModel.TOKENS) {
            Thread.sleep(PACE.toMillis());
            event(exchange, DemoModel.tokenChunk(request, token));
        }
        event(exchange, DemoModel.lastChunk(request));
        if (DemoModel.wantsUsage(request)) {
            event(exchange, DemoModel.usageChunk(request));
        }
        event(exchange, "[DONE]");
    }

    private static void event(HttpExchange exchange, String data) throws IOException {
        OutputStream body = exchange.getResponseBody();
        body.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
        body.flush();
    }

    private static void json(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
