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
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SharedSelectorsTest {

    private static final int FEW = 20;
    private static final int MANY = 400;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

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
        boolean isTogether = false;
        // A machine that is busy may keep the first selector's thread busy as well.
        for (int attempt = 0; attempt < 10 && !isTogether; attempt++) {
            closeAll();
            connect(FEW);
            isTogether = selectorsInUse().size() == 1;
        }

        assertThat(isTogether).isTrue();
    }

    @Test
    void putsNotAllOfManyInOnePlace() throws Exception {
        assumeThat(connector.getSelectorManager().getSelectorCount()).isGreaterThan(1);

        connect(MANY);

        assertThat(selectorsInUse()).hasSizeGreaterThan(1);
    }

    private void closeAll() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        clients.clear();
        Eventually.await(
                "all to be closed",
                PATIENCE,
                () -> connector.getConnectedEndPoints().isEmpty()
                        && connector.getSelectorManager().getTotalKeys() == 0);
    }

    private void connect(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            clients.add(new Socket("127.0.0.1", connector.getLocalPort()));
        }
        Eventually.await(
                "all to be connected",
                PATIENCE,
                () -> connector.getConnectedEndPoints().size() == count);
    }

    private Set<ManagedSelector> selectorsInUse() {
        Set<ManagedSelector> selectors = new LinkedHashSet<>();
        for (EndPoint endPoint : connector.getConnectedEndPoints()) {
            selectors.add(((SelectedEndPoint) endPoint).selector());
        }
        return selectors;
    }
}
