package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a stream holds while its model thinks, counted in byte arrays: buffers and heads, but no objects. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class QuietMemoryIT {

    private static final int FEW = 20;
    private static final int MANY = 120;
    private static final int PATIENCE_MILLIS = (int) Eventually.PATIENCE.toMillis();
    /** The test's own ends have no buffers, so this is the proxy's. A buffer of a read's size would be 16 KiB more. */
    private static final long MOST_BYTES_OF_A_STREAM = 9_000;

    private static final String QUESTION = "{\"stream\":true,\"question\":\"" + "is it? ".repeat(40) + "\"}";
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n8\r\ndata: 1\n\r\n";
    private static final Pattern BYTE_ARRAYS = Pattern.compile("\\s\\d+\\s+(\\d+)\\s+\\[B\\s");

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    private final List<Socket> ends = new ArrayList<>();

    @AfterEach
    void closeEnds() throws IOException {
        for (Socket end : ends) {
            end.close();
        }
    }

    @Test
    void holdsNoBufferForAStreamThatIsQuiet() throws IOException, JMException {
        try (ServerSocket upstream = new ServerSocket(0, MANY, InetAddress.getLoopbackAddress())) {
            upstream.setSoTimeout(PATIENCE_MILLIS);
            proxy.target(URI.create("http://127.0.0.1:" + upstream.getLocalPort()));
            open(upstream, FEW);
            long before = bytesInArrays();

            open(upstream, MANY);

            assertThat((bytesInArrays() - before) / MANY)
                    .as("bytes in arrays for each stream")
                    .isLessThan(MOST_BYTES_OF_A_STREAM);
        }
    }

    private void open(ServerSocket upstream, int streams) throws IOException {
        byte[] request = proxy.postRequest("/v1/chat", QUESTION).getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < streams; i++) {
            Socket client = new Socket(
                    proxy.proxy().address().getAddress(),
                    proxy.proxy().address().getPort());
            ends.add(client);
            client.getOutputStream().write(request);
            Socket server = upstream.accept();
            ends.add(server);
            readUntil(server, QUESTION);
            server.getOutputStream().write(ANSWER.getBytes(StandardCharsets.ISO_8859_1));
            readUntil(client, "data: 1\n\r\n");
        }
    }

    private static void readUntil(Socket end, String expected) throws IOException {
        end.setSoTimeout(PATIENCE_MILLIS);
        StringBuilder text = new StringBuilder();
        byte[] some = new byte[4_096];
        while (text.indexOf(expected) < 0) {
            int count = end.getInputStream().read(some);
            assertThat(count).as("what comes behind %s", text).isPositive();
            text.append(new String(some, 0, count, StandardCharsets.ISO_8859_1));
        }
    }

    /** What is still reachable: the JVM collects garbage before it counts. */
    private static long bytesInArrays() throws JMException {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {null},
                        new String[] {String[].class.getName()});
        Matcher arrays = BYTE_ARRAYS.matcher(histogram);
        assertThat(arrays.find()).isTrue();
        return Long.parseLong(arrays.group(1));
    }
}
