package dev.aiproxy.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * An AI server on raw sockets whose every byte, pause and misbehaviour is a {@link Script}, and which records what it
 * gets down to the byte.
 *
 * <p>Listens on 127.0.0.1 only. Each request takes the next script of the queue, or what {@link #answer} says. Two
 * daemon threads per connection, one that reads at all times and one that plays; {@link #close} ends them all. Methods
 * may be called from any thread.
 */
public final class ScriptedUpstream implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 2_000;
    private static final int BACKLOG = 1_024;

    private final ServerSocket listener;
    private final Optional<SSLContext> tls;
    private final BlockingQueue<Script> queue = new LinkedBlockingQueue<>();
    private final List<RecordedConnection> connections = new ArrayList<>();
    private final List<RecordedRequest> requests = new ArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<AssertionError> failures = new ArrayList<>();
    private volatile Function<RecordedRequest, Script> answer = this::nextOfQueue;
    private volatile boolean asksWho;
    private volatile Script greeting = Script.of();
    private int taken;

    private ScriptedUpstream(ServerSocket listener, Optional<SSLContext> tls) {
        this.listener = listener;
        this.tls = tls;
    }

    /** A plain HTTP upstream on a free port. */
    public static ScriptedUpstream plain() {
        return start(0, Optional.empty());
    }

    /** A plain HTTP upstream on this port, for one that comes back where it was. */
    public static ScriptedUpstream plain(int port) {
        return start(port, Optional.empty());
    }

    /** A TLS upstream on a free port. */
    public static ScriptedUpstream tls(SSLContext context) {
        return start(0, Optional.of(context));
    }

    /** A TLS upstream on a free port that shakes hands only with clients that show a certificate which it trusts. */
    public static ScriptedUpstream tlsForKnownClients(SSLContext context) {
        ScriptedUpstream upstream = tls(context);
        upstream.asksWho = true;
        return upstream;
    }

    /** Accepts connections, reads them, and never says a word: no TLS handshake, no answer. */
    public static ScriptedUpstream silent() {
        ScriptedUpstream upstream = start(0, Optional.empty());
        upstream.greeting = Script.of(new Step.Never());
        return upstream;
    }

    private static ScriptedUpstream start(int port, Optional<SSLContext> tls) {
        try {
            ServerSocket listener = new ServerSocket();
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
            ScriptedUpstream upstream = new ScriptedUpstream(listener, tls);
            upstream.run("accept", upstream::accept);
            return upstream;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot listen on port " + port, failure);
        }
    }

    /** The next request without one takes this script. */
    public void enqueue(Script... scripts) {
        queue.addAll(List.of(scripts));
    }

    /** Every request from now on gets its script from here instead of the queue. */
    public void answer(Function<RecordedRequest, Script> answer) {
        this.answer = answer;
    }

    /** Every connection from now on plays this before it reads its first request. */
    public void greet(Script greeting) {
        this.greeting = greeting;
    }

    /** Where it listens. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Scheme, host and port, as the target of a proxy. */
    public URI uri() {
        return URI.create(tls.isPresent() ? "https://localhost:" + port() : "http://127.0.0.1:" + port());
    }

    /** What a client puts into {@code Host} for this upstream. */
    public String authority() {
        return uri().getAuthority();
    }

    /** The connections so far, in the order of arrival. */
    public synchronized List<RecordedConnection> connections() {
        return List.copyOf(connections);
    }

    /** The requests so far, in the order of arrival. */
    public synchronized List<RecordedRequest> requests() {
        return List.copyOf(requests);
    }

    /** The first request that was not taken before; waits for it. */
    public RecordedRequest takeRequest() {
        int index = nextToTake();
        Eventually.await(
                "request " + (index + 1) + " at the upstream", () -> requests().size() > index);
        return requests().get(index);
    }

    /** The connection of this number, from 1; waits for it. */
    public RecordedConnection awaitConnection(int number) {
        Eventually.await(
                "connection " + number + " at the upstream", () -> connections().size() >= number);
        return connections().get(number - 1);
    }

    /** What scripts expected and did not get. */
    public synchronized List<AssertionError> failures() {
        return List.copyOf(failures);
    }

    private synchronized int nextToTake() {
        return taken++;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                connect(listener.accept());
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket plain) throws IOException {
        RecordedConnection record = register(plain);
        plain.setTcpNoDelay(true);
        Socket socket = tls.isPresent() ? secured(plain, tls.get(), asksWho) : plain;
        Inbox inbox = new Inbox(socket, record);
        run("read-" + record.number(), inbox);
        run("play-" + record.number(), new Player(this, socket, plain, record, inbox));
    }

    private synchronized RecordedConnection register(Socket socket) {
        if (connections.size() >= MOST_CONNECTIONS) {
            throw new IllegalStateException("more than " + MOST_CONNECTIONS + " connections");
        }
        RecordedConnection record = new RecordedConnection(connections.size() + 1, socket.getPort());
        connections.add(record);
        sockets.add(socket);
        return record;
    }

    private static Socket secured(Socket plain, SSLContext context, boolean asksWho) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, null, plain.getPort(), true);
        socket.setUseClientMode(false);
        socket.setNeedClientAuth(asksWho);
        return socket;
    }

    private synchronized void run(String name, Runnable task) {
        Thread thread = new Thread(task, "upstream-" + port() + "-" + name);
        thread.setDaemon(true);
        threads.removeIf(old -> old.getState() == Thread.State.TERMINATED);
        threads.add(thread);
        thread.start();
    }

    Script greeting() {
        return greeting;
    }

    Script scriptFor(RecordedRequest request) {
        synchronized (this) {
            requests.add(request);
        }
        return answer.apply(request);
    }

    synchronized void failed(AssertionError failure) {
        failures.add(failure);
    }

    private Script nextOfQueue(RecordedRequest request) {
        try {
            Script next = queue.poll(Eventually.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (next == null) {
                throw new AssertionError("no script for " + request);
            }
            return next;
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            return Script.of(new Step.Fin());
        }
    }

    /** Closes the listening socket and every connection and ends every thread. Closing again does nothing. */
    @Override
    public void close() {
        closeQuietly(listener);
        List<Thread> running;
        synchronized (this) {
            sockets.forEach(ScriptedUpstream::closeQuietly);
            running = List.copyOf(threads);
        }
        running.forEach(Thread::interrupt);
        Eventually.await("the upstream's threads to end", () -> running.stream().noneMatch(Thread::isAlive));
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception unimportant) {
            // Closed is what it is meant to be; how is of no interest here.
            return;
        }
    }
}
