package dev.aiproxy.it;

import dev.aiproxy.it.RawResponse.Integrity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpField;

/** What clients speak to the proxy, with a client that speaks it. */
enum ClientProtocol {
    HTTP_1,
    HTTP_1_TLS,
    H2C,
    H2;

    /** Sets the proxy up for it; before the first connection. */
    void of(ProxyExtension proxy) {
        if (this == HTTP_1_TLS || this == H2) {
            proxy.overTls(TestCertificates.get().trustingClient());
        }
    }

    boolean isHttp2() {
        return this == H2C || this == H2;
    }

    Client connect(ProxyExtension proxy) throws Exception {
        return isHttp2() ? new Http2(FrameClient.connect(proxy)) : new Http1(proxy);
    }

    /** A client that has one connection, or one for each exchange. */
    interface Client extends AutoCloseable {

        /** Begins a request; its body, if it is not complete, is up to {@link Exchange#send}. */
        Exchange ask(String method, String path, boolean isComplete, String... fields) throws Exception;

        /** Leaves without a word. */
        void drop() throws IOException;

        @Override
        void close() throws IOException;
    }

    /** An exchange, seen from the client. */
    interface Exchange {

        /** Waits for the next head, an interim one included; returns its status. */
        int status() throws Exception;

        /** A field of the last head; empty if there is none. */
        String field(String name);

        /** The reason of the last head; empty if there is none. */
        String reason();

        /** The names of the fields of the last head, as they are written. */
        List<String> names();

        /** Waits for so much of the body. */
        String data(int length) throws Exception;

        /** Reads the rest of the body; behind a bar stands {@code end}, {@code trailers}, or else {@code torn}. */
        String rest() throws Exception;

        void send(String text, boolean isLast) throws Exception;

        /** Has the proxy give it up, and nothing else. */
        void cancel() throws IOException;
    }

    private record Http2(FrameClient client) implements Client {
        @Override
        public Exchange ask(String method, String path, boolean isComplete, String... fields) throws Exception {
            return new Http2Exchange(client.ask(method, path, isComplete, fields));
        }

        @Override
        public void drop() {
            client.drop();
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    private record Http2Exchange(FrameClient.Exchange exchange) implements Exchange {
        @Override
        public int status() throws Exception {
            return Integer.parseInt(exchange.next());
        }

        @Override
        public String field(String name) {
            String value = exchange.head().getHttpFields().get(name);
            return value == null ? "" : value;
        }

        @Override
        public String reason() {
            // HTTP/2 has none.
            return "";
        }

        @Override
        public List<String> names() {
            return exchange.head().getHttpFields().stream()
                    .map(HttpField::getName)
                    .toList();
        }

        @Override
        public String data(int length) throws Exception {
            return exchange.readData(length);
        }

        @Override
        public String rest() throws Exception {
            exchange.read();
            String rest = exchange.readAll();
            return rest.endsWith("|end") || rest.endsWith("|trailers")
                    ? rest
                    : rest.substring(0, rest.indexOf('|')) + "|torn";
        }

        @Override
        public void send(String text, boolean isLast) throws Exception {
            exchange.send(text, isLast);
        }

        @Override
        public void cancel() {
            exchange.cancel();
        }
    }

    private static final class Http1 implements Client {
        private final ProxyExtension proxy;
        private final List<RawClient> connections = new ArrayList<>();

        Http1(ProxyExtension proxy) {
            this.proxy = proxy;
        }

        @Override
        public Exchange ask(String method, String path, boolean isComplete, String... fields) throws IOException {
            StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: client.example\r\n");
            boolean isChunked = !isComplete;
            for (int i = 0; i < fields.length; i += 2) {
                head.append(fields[i]).append(": ").append(fields[i + 1]).append("\r\n");
                isChunked &= !fields[i].toLowerCase(Locale.ROOT).equals("content-length");
            }
            head.append(isChunked ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n");
            RawClient connection = proxy.connect().send(head.toString());
            connections.add(connection);
            return new Http1Exchange(connection, isChunked, method.equals("HEAD"));
        }

        @Override
        public void drop() throws IOException {
            for (RawClient connection : connections) {
                connection.reset();
            }
        }

        @Override
        public void close() throws IOException {
            for (RawClient connection : connections) {
                connection.close();
            }
        }
    }

    private static final class Http1Exchange implements Exchange {
        private final RawClient connection;
        private final boolean isChunked;
        private final boolean isHead;
        private MessageHead head;

        Http1Exchange(RawClient connection, boolean isChunked, boolean isHead) {
            this.connection = connection;
            this.isChunked = isChunked;
            this.isHead = isHead;
        }

        @Override
        public int status() throws IOException {
            head = connection.readHead();
            return head.status();
        }

        @Override
        public String field(String name) {
            return head.value(name).orElse("");
        }

        @Override
        public String reason() {
            return head.startLine().split(" ", 3)[2];
        }

        @Override
        public List<String> names() {
            return head.names();
        }

        @Override
        public String data(int length) throws IOException {
            if (head.value("Transfer-Encoding").isEmpty()) {
                return connection.readRaw(length);
            }
            StringBuilder data = new StringBuilder();
            while (data.length() < length) {
                data.append(connection.readChunk());
            }
            return data.toString();
        }

        @Override
        public String rest() throws IOException {
            if (isHead || head.status() == 204 || head.status() == 304) {
                return "|end";
            }
            RawResponse response = connection.readRestOf(head);
            boolean isWhole = response.integrity() == Integrity.WHOLE;
            return response.text() + (!isWhole ? "|torn" : response.trailers().isEmpty() ? "|end" : "|trailers");
        }

        @Override
        public void send(String text, boolean isLast) throws IOException {
            if (!isChunked) {
                connection.send(text);
                return;
            }
            if (!text.isEmpty()) {
                connection.sendChunk(text);
            }
            if (isLast) {
                connection.send("0\r\n\r\n");
            }
        }

        @Override
        public void cancel() throws IOException {
            connection.reset();
        }
    }
}
