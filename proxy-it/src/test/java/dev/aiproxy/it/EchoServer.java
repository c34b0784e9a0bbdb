package dev.aiproxy.it;

import java.util.List;

/** A WebSocket server on Node that sends back what it gets. */
final class EchoServer implements AutoCloseable {
    private final ClientProcess process;
    private final int port;

    private EchoServer(ClientProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    static EchoServer start() {
        ClientProcess process = ClientProcess.start(NodeModules.installed(), List.of("node", "echo.mjs"));
        return new EchoServer(process, Integer.parseInt(process.nextLine().orElseThrow()));
    }

    String authority() {
        return "127.0.0.1:" + port;
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.close();
    }
}
