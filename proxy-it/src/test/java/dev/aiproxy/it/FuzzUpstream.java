package dev.aiproxy.it;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An upstream that reads as strictly as can be, keeps what no server should be sent, answers every whole request, and
 * plays the response of the case at hand. Bounded, unlike {@link ScriptedUpstream}, which keeps everything.
 */
final class FuzzUpstream implements AutoCloseable {
    private static final int BACKLOG = 256;
    private static final int READ_BYTES = 64 * 1024;
    private static final int MOST_REQUESTS = 20;

    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final AtomicInteger playing = new AtomicInteger();
    private volatile @Nullable FuzzCase current;

    private FuzzUpstream(ServerSocket listener) {
        this.listener = listener;
    }

    static FuzzUpstream start() throws IOException {
        FuzzUpstream upstream = new FuzzUpstream(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()));
        Background.run(upstream::accept);
        return upstream;
    }

    URI uri() {
        return URI.create("http://" + authority());
    }

    String authority() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** From now on it is this case's response that {@link FuzzCorpus#CASE} gets. */
    void play(FuzzCase next) {
        current = next;
    }

    /** Whether a response is being sent. */
    boolean isPlaying() {
        return playing.get() > 0;
    }

    /** What it was sent and should not have been, since it was last asked. */
    List<String> takeViolations() {
        List<String> all = List.copyOf(violations);
        violations.removeAll(all);
        return all;
    }

    private void accept() throws IOException {
        while (!listener.isClosed()) {
            Socket socket = listener.accept();
            socket.setTcpNoDelay(true);
            open.add(socket);
            Background.run(() -> serve(socket));
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            converse(socket);
        } catch (AssertionError ambiguous) {
            violations.add(String.valueOf(ambiguous.getMessage()));
        } catch (IOException gone) {
            // A client that leaves is part of the game.
        } finally {
            open.remove(socket);
        }
    }

    private void converse(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder wire = new StringBuilder();
        byte[] buffer = new byte[READ_BYTES];
        int answered = 0;
        boolean isContinued = false;
        for (int read = in.read(buffer); read > 0 && !socket.isClosed(); read = in.read(buffer)) {
            wire.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
            for (StrictRequest request : newIn(wire, answered)) {
                if (request.isComplete()) {
                    answered++;
                    isContinued = false;
                    answer(socket, request, answered == MOST_REQUESTS);
                } else if (!isContinued && request.fieldLines().stream().anyMatch(FuzzUpstream::isExpectation)) {
                    isContinued = true;
                    send(socket, "HTTP/1.1 100 Continue\r\n\r\n");
                }
            }
        }
    }

    private static List<StrictRequest> newIn(StringBuilder wire, int answered) {
        List<StrictRequest> all = StrictRequest.allOf(wire.toString());
        return all.subList(answered, all.size());
    }

    private static boolean isExpectation(String line) {
        return line.regionMatches(true, 0, "Expect:", 0, 7);
    }

    private void answer(Socket socket, StrictRequest request, boolean isLast) throws IOException {
        FuzzCase played = current;
        if (request.target().equals(FuzzCorpus.CASE) && played != null) {
            play(socket, played);
            return;
        }
        String body = bodyFor(request.target());
        String head = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n"
                + (isLast ? "Connection: close\r\n\r\n" : "\r\n");
        send(socket, request.method().equals("HEAD") ? head : head + body);
        if (isLast) {
            socket.close();
        }
    }

    private void play(Socket socket, FuzzCase played) throws IOException {
        playing.incrementAndGet();
        try {
            for (String piece : played.response()) {
                send(socket, piece);
            }
            if (played.responseEnd() == FuzzCase.End.RST) {
                socket.setSoLinger(true, 0);
            }
            if (played.responseEnd() != FuzzCase.End.STAY) {
                socket.close();
            }
        } finally {
            playing.decrementAndGet();
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** What the ordinary answer to this target holds. */
    static String bodyFor(String target) {
        return "{\"" + target.hashCode() + "\"}";
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
