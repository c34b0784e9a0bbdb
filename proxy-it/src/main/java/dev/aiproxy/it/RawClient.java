package dev.aiproxy.it;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * An HTTP/1 client that sends exactly the bytes it is given and reads no more than it is asked to.
 *
 * <p>Text is ISO-8859-1, one character per byte. Every read waits for at most {@link Eventually#PATIENCE}, unless told, and then
 * fails as an assertion. For one thread at a time, except that one may write while another reads.
 */
public final class RawClient implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int SMALL_BUFFER_BYTES = 1024;

    private final Socket socket;
    private final Socket plainSocket;
    private final InputStream in;
    private final WireReader wire;
    private Duration patience = Eventually.PATIENCE;

    private RawClient(Socket socket, Socket plainSocket, int bufferBytes) throws IOException {
        this.socket = socket;
        this.plainSocket = plainSocket;
        this.in = new BufferedInputStream(socket.getInputStream(), bufferBytes);
        this.wire = new WireReader(in);
    }

    /** Connects in plain text. */
    public static RawClient connect(InetSocketAddress address) throws IOException {
        Socket socket = opened(address);
        return new RawClient(socket, socket, BUFFER_BYTES);
    }

    /** As {@link #connect(InetSocketAddress)}, with little memory, for thousands of them. */
    public static RawClient connectSmall(InetSocketAddress address) throws IOException {
        Socket socket = opened(address);
        return new RawClient(socket, socket, SMALL_BUFFER_BYTES);
    }

    /** Connects and shakes hands; the server's certificate must be for {@code localhost}. */
    public static RawClient connect(InetSocketAddress address, SSLContext tls) throws IOException {
        Socket plain = opened(address);
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true);
        socket.startHandshake();
        return new RawClient(socket, plain, BUFFER_BYTES);
    }

    /** The other end of a connection that somebody has made to a listener. */
    static RawClient accepted(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) Eventually.PATIENCE.toMillis());
        return new RawClient(socket, socket, BUFFER_BYTES);
    }

    private static Socket opened(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(address, (int) Eventually.PATIENCE.toMillis());
        socket.setSoTimeout((int) Eventually.PATIENCE.toMillis());
        return socket;
    }

    /** Waits for so long from now on, where the machine has much else to do. */
    public RawClient patience(Duration longest) throws IOException {
        patience = longest;
        socket.setSoTimeout((int) longest.toMillis());
        return this;
    }

    /** The port it connected from. */
    public int localPort() {
        return socket.getLocalPort();
    }

    /** Sends text as it is. */
    public RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends these bytes in one write. */
    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Sends one chunk with its CRLF, in one write. */
    public RawClient sendChunk(String data) throws IOException {
        return send(Integer.toHexString(data.length()) + "\r\n" + data + "\r\n");
    }

    /** Reads one response head, an interim one included. */
    public MessageHead readHead() throws IOException {
        return within("a response head", wire::head)
                .orElseThrow(() -> new AssertionError("the connection ended where a response head was due"));
    }

    /** Reads the data of one chunk, its CRLF included in what must have come; empty for the last chunk's size line. */
    public String readChunk() throws IOException {
        return text(within("a chunk", wire::chunk));
    }

    /** Reads the trailer lines and the empty line after the last chunk's size line. */
    public List<String> readTrailers() throws IOException {
        return within("the trailers", wire::trailers);
    }

    /** Reads exactly so many bytes, framing and all. */
    public String readRaw(int bytes) throws IOException {
        return text(within(bytes + " raw bytes", () -> wire.exactly(bytes)));
    }

    /** Reads what is there, at least one byte; nothing at the connection's end. */
    public byte[] readSome() throws IOException {
        return within("any byte", () -> wire.some(BUFFER_BYTES));
    }

    /** Reads the final response to a request of any method but HEAD, interim responses left out. */
    public RawResponse readResponse() throws IOException {
        MessageHead head = readHead();
        while (head.status() < 200) {
            head = readHead();
        }
        return readRestOf(head);
    }

    /** Reads the rest of a response whose head, and perhaps some of whose chunks, have been read. */
    public RawResponse readRestOf(MessageHead head) throws IOException {
        return within("the end of a response", new ResponseBody(wire, head)::read);
    }

    /** Whether nothing comes for this long; what comes is left to be read. */
    public boolean isQuiet(Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
        in.mark(1);
        try {
            in.read();
            in.reset();
            return false;
        } catch (SocketTimeoutException nothing) {
            return true;
        } finally {
            socket.setSoTimeout((int) patience.toMillis());
        }
    }

    /** Reads and forgets everything up to the end of the connection, and tells how that came. */
    public Ending readToEnd() throws IOException {
        return within("the end of the connection", () -> endOf(in));
    }

    private static Ending endOf(InputStream in) throws IOException {
        try {
            in.transferTo(OutputStream.nullOutputStream());
            return Ending.FIN;
        } catch (SocketTimeoutException stillOpen) {
            throw stillOpen;
        } catch (IOException failure) {
            return Ending.of(failure);
        }
    }

    /** As {@link #readToEnd}, where TLS has ended and TCP may not have. */
    public Ending readToEndBelowTls() throws IOException {
        return within("the end of the connection below TLS", () -> endOf(plainSocket.getInputStream()));
    }

    /** Ends the sending direction of TCP without a word in TLS, as a client that was killed does; still reads. */
    public void cut() throws IOException {
        plainSocket.shutdownOutput();
    }

    /** Sends bytes below TLS. */
    public RawClient sendBelowTls(byte[] bytes) throws IOException {
        plainSocket.getOutputStream().write(bytes);
        return this;
    }

    /** The certificate that the server showed. */
    public X509Certificate serverCertificate() throws IOException {
        return (X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0];
    }

    /** Ends the sending direction; the client still reads. */
    public void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes the ordinary way: a FIN, unless something was left unread. */
    public void fin() throws IOException {
        socket.close();
    }

    /** Closes with a TCP reset. */
    public void reset() throws IOException {
        plainSocket.setSoLinger(true, 0);
        plainSocket.close();
    }

    /** As {@link #fin()}. */
    @Override
    public void close() throws IOException {
        fin();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private <T> T within(String what, Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (SocketTimeoutException timeout) {
            throw new AssertionError("waited " + patience.toMillis() + " ms for " + what, timeout);
        }
    }

    /** A read that may time out. */
    private interface Reading<T> {
        T read() throws IOException;
    }
}
