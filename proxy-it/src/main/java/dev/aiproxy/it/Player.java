package dev.aiproxy.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Plays scripts on one connection, request after request, until it ends. Runs on a thread of its own. */
final class Player implements Runnable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int POUR_BYTES = 64 * 1024;

    private final ScriptedUpstream upstream;
    private final Socket socket;
    private final Socket plainSocket;
    private final RecordedConnection record;
    private final Inbox inbox;
    private final WireReader wire;

    /** Plays on {@code socket}, which is {@code plainSocket} itself or TLS on top of it. */
    Player(ScriptedUpstream upstream, Socket socket, Socket plainSocket, RecordedConnection record, Inbox inbox) {
        this.upstream = upstream;
        this.socket = socket;
        this.plainSocket = plainSocket;
        this.record = record;
        this.inbox = inbox;
        this.wire = new WireReader(inbox);
    }

    @Override
    public void run() {
        try (socket;
                plainSocket) {
            play(upstream.greeting(), Optional.empty());
            Optional<MessageHead> head = wire.head();
            while (head.isPresent() && !socket.isClosed()) {
                serve(head.get());
                head = socket.isClosed() ? Optional.empty() : wire.head();
            }
        } catch (IOException | PeerLeft ended) {
            // The record says how the connection ended; a script that went on after that has nobody to play for.
            record.ended(inbox.isEnded() ? record.ending() : Ending.CLOSED_HERE);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (AssertionError failure) {
            upstream.failed(failure);
        }
    }

    private void serve(MessageHead head) throws IOException, InterruptedException {
        RecordedRequest request = new RecordedRequest(record, head);
        RequestBody body = new RequestBody(wire, request);
        record.started(request);
        play(upstream.scriptFor(request), Optional.of(body));
        if (!socket.isClosed()) {
            body.readAll();
        }
    }

    private void play(Script script, Optional<RequestBody> body) throws IOException, InterruptedException {
        for (Step step : script.steps()) {
            if (step instanceof Step.ReadBody && body.isPresent()) {
                body.get().readAll();
            } else if (step instanceof Step.ReadBodyBytes read && body.isPresent()) {
                body.get().readBytes(read.bytes());
            } else {
                play(step);
            }
            if (socket.isClosed()) {
                return;
            }
        }
    }

    private void play(Step step) throws IOException, InterruptedException {
        if (step instanceof Step.Send send) {
            send(send.bytes());
        } else if (step instanceof Step.Pour pour) {
            pour(pour.bytes());
        } else if (step instanceof Step.Drip drip) {
            drip(drip);
        } else if (step instanceof Step.Stamp) {
            play(Step.chunk(Long.toString(System.nanoTime())));
        } else if (step instanceof Step.Await await) {
            await(await.gate());
        } else if (step instanceof Step.Pause pause) {
            sleep(pause.time());
        } else if (step instanceof Step.StopReading) {
            inbox.setStopped(true);
        } else if (step instanceof Step.ResumeReading) {
            inbox.setStopped(false);
        } else {
            end(step);
        }
    }

    private void end(Step step) throws IOException, InterruptedException {
        if (step instanceof Step.HalfClose) {
            socket.shutdownOutput();
        } else if (step instanceof Step.Fin) {
            close();
        } else if (step instanceof Step.Reset) {
            plainSocket.setSoLinger(true, 0);
            plainSocket.close();
            socket.close();
            inbox.setStopped(false);
        } else if (step instanceof Step.ExpectClosed expected) {
            Eventually.await("the peer to close " + record, expected.within(), inbox::isEnded);
        } else if (step instanceof Step.Never) {
            inbox.transferTo(OutputStream.nullOutputStream());
        } else {
            throw new AssertionError(step + " needs a request");
        }
    }

    private void send(byte[] bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes);
        out.flush();
        record.sent(bytes.length);
    }

    private void pour(long bytes) throws IOException {
        byte[] block = new byte[POUR_BYTES];
        for (long position = 0; position < bytes; position += block.length) {
            Pattern.fill(block, position);
            send(Arrays.copyOf(block, (int) Math.min(block.length, bytes - position)));
        }
    }

    private void drip(Step.Drip drip) throws IOException, InterruptedException {
        for (byte next : drip.bytes()) {
            send(new byte[] {next});
            sleep(drip.interval());
        }
    }

    private void await(Gate gate) throws InterruptedException {
        Duration look = Duration.ofMillis(20);
        for (long waited = 0; !gate.pass(look); waited += look.toMillis()) {
            if (inbox.isEnded()) {
                throw new PeerLeft();
            }
            if (waited > PATIENCE.toMillis()) {
                throw new AssertionError("nobody opened " + gate + " on " + record);
            }
        }
    }

    /** Closing with unread bytes would be a reset, so what the peer has sent is taken first. */
    private void close() throws IOException {
        InputStream unread = plainSocket.getInputStream();
        Eventually.await("the inbox to be empty", () -> isEmpty(unread) || inbox.isEnded());
        socket.close();
    }

    private static boolean isEmpty(InputStream in) {
        try {
            return in.available() == 0;
        } catch (IOException closed) {
            return true;
        }
    }

    private static void sleep(Duration time) throws InterruptedException {
        LockSupport.parkNanos(time.toNanos());
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Ends a script whose peer has left. */
    private static final class PeerLeft extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
