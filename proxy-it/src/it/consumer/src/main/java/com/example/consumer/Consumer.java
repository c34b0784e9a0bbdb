package com.example.consumer;

import com.sun.net.httpserver.HttpServer;
import dev.aiproxy.ForwardProxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Sends one request through an embedded proxy and prints the answer. */
public final class Consumer {
    private static final byte[] ANSWER = "through the proxy".getBytes(StandardCharsets.UTF_8);

    private Consumer() {}

    public static void main(String[] args) throws Exception {
        if (!Consumer.class.getModule().isNamed() || !ForwardProxy.class.getModule().isNamed()) {
            throw new IllegalStateException("not on the module path");
        }
        HttpServer target = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        target.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, ANSWER.length);
                exchange.getResponseBody().write(ANSWER);
            }
        });
        target.start();
        try {
            System.out.println(askThroughProxy(URI.create("http://127.0.0.1:" + target.getAddress().getPort())));
        } finally {
            target.stop(0);
        }
    }

    private static String askThroughProxy(URI target) throws Exception {
        try (ForwardProxy proxy =
                ForwardProxy.builder().target(target).listen("127.0.0.1", 0).build()) {
            proxy.start();
            URI address = URI.create("http://127.0.0.1:" + proxy.address().getPort() + "/v1/models");
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(10)).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
