package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.aiproxy.ForwardProxy;
import dev.aiproxy.ProxyConfig;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Promise;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SharedSelectorsTest {

    private static final int FEW = 100;
    private static final int MANY = 400;

    private final Server server = new Server(new ServerThreads());
    private final List<Socket> clients = new ArrayList<>();
    private ListeningConnector connector;

    @BeforeEach
    void start() throws Exception {
        ProxyConfig config = ForwardProxy.builder()
                .target(URI.create("http://127.0.0.1:9"))
                .listen("127.0.0.1", 0)
                .build()
                .config();
        connector =
                new ListeningConnector(server, new ArrayByteBufferPool(), config.listen(), new HttpConnectionFactory());
        server.addConnector(connector);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket client : clients) {
            client.close();
        }
        server.stop();
    }

    @Test
    void putsFewConnectionsInOnePlaceSoThatOneThreadDoesThemTogether() throws Exception {
        connect(FEW);

        assertThat(selectorsInUse()).hasSize(1);
    }

    @Test
    void spreadsManyOverAllProcessors() throws Exception {
        assumeThat(Runtime.getRuntime().availableProcessors()).isGreaterThan(1);

        connect(MANY);

        assertThat(selectorsInUse()).hasSize(connector.getSelectorManager().getSelectorCount());
    }

    @Test
    void worksOnForTheSelectorThatSomethingWasAskedFor() throws Exception {
        connect(1);
        ManagedSelector asking = selectorsInUse().iterator().next();
        AtomicReference<ManagedSelector> answered = new AtomicReference<>();

        SelectorWork.begin(asking);
        Promise<String> promise = SelectorWork.keepingSelector(
                Promise.from(answer -> answered.set(SelectorWork.selector()), Throwable::printStackTrace));
        Thread another = new Thread(() -> promise.succeeded("answer"));
        another.start();
        another.join();

        assertThat(answered).hasValue(asking);
    }

    private void connect(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            clients.add(new Socket("127.0.0.1", connector.getLocalPort()));
        }
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (connector.getConnectedEndPoints().size() < count && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(connector.getConnectedEndPoints()).hasSize(count);
    }

    private Set<ManagedSelector> selectorsInUse() {
        Set<ManagedSelector> selectors = new LinkedHashSet<>();
        for (EndPoint endPoint : connector.getConnectedEndPoints()) {
            selectors.add(((SelectedEndPoint) endPoint).selector());
        }
        return selectors;
    }
}
