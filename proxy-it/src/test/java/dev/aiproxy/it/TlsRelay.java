package dev.aiproxy.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** Takes TLS off connections and hands them to a port of this machine, as {@code localhost}. Daemon threads only. */
final class TlsRelay implements AutoCloseable {
    private static final int BACKLOG = 100;
    private static final int BUFFER_BYTES = 16 * 1024;

    private final SSLServerSocket listener;
    private final int port;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    private TlsRelay(SSLServerSocket listener, int port) {
        this.listener = listener;
        this.port = port;
    }

    static TlsRelay to(int port) {
        try {
            SSLServerSocket listener = (SSLServerSocket) TestCertificates.get()
                    .localhost()
                    .getServerSocketFactory()
                    .createServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
            TlsRelay relay = new TlsRelay(listener, port);
            run(relay::accept);
            return relay;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot listen", failure);
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    private static void run(Runnable task) {
        Thread thread = new Thread(task, "tls-relay");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                SSLSocket outer = (SSLSocket) listener.accept();
                Socket inner = new Socket(InetAddress.getLoopbackAddress(), port);
                sockets.addAll(List.of(outer, inner));
                inner.setTcpNoDelay(true);
                outer.setTcpNoDelay(true);
                run(() -> relay(outer, inner));
                run(() -> relay(inner, outer));
            } catch (IOException closed) {
                // Either the listener, which ends the loop, or one connection.
                continue;
            }
        }
    }

    /** What ends one way in any other manner than a FIN ends both. */
    private static void relay(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
                out.flush();
            }
            to.shutdownOutput();
        } catch (IOException broken) {
            close(from);
            close(to);
        }
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception closedAlready) {
            // As it should be.
            return;
        }
    }

    @Override
    public void close() {
        close(listener);
        sockets.forEach(TlsRelay::close);
    }
}
