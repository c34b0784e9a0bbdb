package dev.aiproxy.it.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that greets as it is told, and says nothing more. */
final class Http2ClientConnectionTest {
    private static final long LONGEST_NANOS = Duration.ofSeconds(20).toNanos();
    private static final byte[] NO_LIMIT = {};
    private static final byte[] ONE_STREAM = {0, Http2Greeting.MAX_CONCURRENT_STREAMS, 0, 0, 0, 1};

    private final Client client = Client.open(ClientProtocol.h2c(3));
    private final ServerSocketChannel server = ServerSocketChannel.open();
    private final List<SocketChannel> accepted = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private InetSocketAddress address;

    Http2ClientConnectionTest() throws IOException {}

    @BeforeEach
    void listen() throws IOException {
        server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        address = (InetSocketAddress) server.getLocalAddress();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
        for (SocketChannel connection : accepted) {
            connection.close();
        }
    }

    @Test
    void sharesAConnection() throws IOException {
        greetWith(NO_LIMIT);

        connect(4);

        assertThat(accepted).hasSize(2);
    }

    @Test
    void sharesAConnectionNoMoreThanTheOtherSideTakes() throws IOException {
        greetWith(ONE_STREAM);

        List<Lane> lanes = connect(2);
        for (Lane lane : lanes) {
            lane.send(Request.json());
        }

        assertThat(accepted).hasSize(2);
        assertThat(failures).isEmpty();
    }

    @Test
    void failsALaneThatTheOtherSideHasNoRoomFor() throws IOException {
        greetWith(NO_LIMIT);
        List<Lane> lanes = connect(2);
        lanes.get(0).send(Request.json());
        accepted.get(0).write(settings(ONE_STREAM));
        awaitLimit();

        lanes.get(1).send(Request.json());

        assertThat(failures).containsExactly("HTTP/2: the other side takes only 1 stream on a connection");
    }

    /** The connection has heard of it once one more lane needs another. */
    private void awaitLimit() throws IOException {
        long deadline = System.nanoTime() + LONGEST_NANOS;
        while (accepted.size() == 1 && System.nanoTime() - deadline < 0) {
            client.loop().runFor(1_000_000);
            connect(1).get(0).close();
        }
    }

    private List<Lane> connect(int count) throws IOException {
        List<Lane> lanes = new ArrayList<>();
        for (int connected = 0; connected < count; connected++) {
            lanes.add(client.connect(address, new Failures()));
        }
        return lanes;
    }

    private void greetWith(byte[] limits) throws IOException {
        client.loop().register(server, SelectionKey.OP_ACCEPT, new EventLoop.Handler() {
            @Override
            public void ready(SelectionKey key) throws IOException {
                SocketChannel connection = server.accept();
                accepted.add(connection);
                connection.write(settings(limits));
            }

            @Override
            public void failed(IOException failure) {
                failures.add("cannot accept: " + failure);
            }
        });
    }

    private static ByteBuffer settings(byte... limits) {
        return Frame.of(Frame.SETTINGS, 0, 0, limits);
    }

    private final class Failures implements Lane.Listener {
        @Override
        public void answered(Lane lane, long nowNanos) {}

        @Override
        public void failed(Lane lane, IOException failure) {
            failures.add(failure.getMessage());
        }
    }
}
