package dev.aiproxy.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Takes bytes off a socket the moment they come, so that it is known when they came and when the peer left, also while
 * the script waits at a gate. Bounded: when the script reads nothing for long, the peer's sends stall as they should.
 *
 * <p>One thread runs it and one other reads it; guarded by itself.
 */
final class Inbox extends InputStream implements Runnable {
    private static final int CAPACITY_BYTES = 256 * 1024;
    private static final int READ_BYTES = 64 * 1024;

    private final Socket socket;
    private final RecordedConnection record;
    private final Deque<byte[]> pieces = new ArrayDeque<>();
    private int usedOfFirst;
    private int heldBytes;
    private boolean stopped;
    private boolean ended;

    Inbox(Socket socket, RecordedConnection record) {
        this.socket = socket;
        this.record = record;
    }

    @Override
    public void run() {
        try {
            pump(socket.getInputStream());
            end(Ending.FIN);
        } catch (InterruptedException | InterruptedIOException closing) {
            end(Ending.CLOSED_HERE);
        } catch (IOException failure) {
            end(socket.isClosed() ? Ending.CLOSED_HERE : Ending.of(failure));
        }
    }

    private void pump(InputStream in) throws IOException, InterruptedException {
        byte[] buffer = new byte[READ_BYTES];
        while (true) {
            awaitRoom();
            int read = in.read(buffer);
            if (read == -1) {
                return;
            }
            put(Arrays.copyOf(buffer, read));
        }
    }

    private synchronized void awaitRoom() throws InterruptedException {
        while (!socket.isClosed() && (stopped || heldBytes >= CAPACITY_BYTES)) {
            wait();
        }
    }

    private synchronized void put(byte[] piece) {
        record.received(piece);
        pieces.add(piece);
        heldBytes += piece.length;
        notifyAll();
    }

    private synchronized void end(Ending ending) {
        record.ended(ending);
        ended = true;
        notifyAll();
    }

    /** Takes bytes off the socket, or leaves them there. */
    synchronized void setStopped(boolean stopped) {
        this.stopped = stopped;
        notifyAll();
    }

    /** Whether the peer's end has been seen. */
    synchronized boolean isEnded() {
        return ended;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) == -1 ? -1 : one[0] & 0xFF;
    }

    @Override
    public synchronized int read(byte[] target, int offset, int length) throws IOException {
        awaitBytes();
        byte[] piece = pieces.peek();
        if (piece == null) {
            return -1;
        }
        int taken = Math.min(length, piece.length - usedOfFirst);
        System.arraycopy(piece, usedOfFirst, target, offset, taken);
        usedOfFirst += taken;
        if (usedOfFirst == piece.length) {
            pieces.remove();
            usedOfFirst = 0;
        }
        heldBytes -= taken;
        notifyAll();
        return taken;
    }

    private void awaitBytes() throws InterruptedIOException {
        try {
            while (pieces.isEmpty() && !ended) {
                wait();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("upstream is closing");
        }
    }
}
