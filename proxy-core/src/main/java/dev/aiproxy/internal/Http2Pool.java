package dev.aiproxy.internal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP/2 connections to one upstream, and the requests that wait for room on one. There is one connection until it is
 * full, then another: requests wait for connections to be made, never for others to end.
 *
 * <p>A connection that cannot be made fails one request that has waited for it; the others ask for another. The lock
 * guards all, the counts of the connections included; nothing is called under it.
 */
final class Http2Pool {

    private final Target target;
    private final Http2Connector connector;
    private final Executor executor;
    private final Object lock = new Object();
    private final List<Http2Session> sessions = new ArrayList<>();
    private final Deque<Http2Attempt> waiting = new ArrayDeque<>();
    private final List<Connecting> connecting = new ArrayList<>();
    private boolean isRetired;

    /** @param executor serves those who wait when room is given back, for whoever gives it has other work */
    Http2Pool(Target target, Http2Connector connector, Executor executor) {
        this.target = target;
        this.connector = connector;
        this.executor = executor;
    }

    /** Lets a request wait for room, which there mostly is. */
    void enter(Http2Attempt attempt) {
        synchronized (lock) {
            waiting.add(attempt);
        }
        serve();
    }

    /** A request does not wait any more; what is being done for it alone is given up. */
    void leave(Http2Attempt attempt) {
        List<Connecting> needless = List.of();
        synchronized (lock) {
            if (waiting.remove(attempt) && waiting.isEmpty()) {
                needless = List.copyOf(connecting);
                connecting.clear();
            }
        }
        needless.forEach(Connecting::abandon);
    }

    private void serve() {
        while (true) {
            Http2Session session;
            Http2Attempt attempt;
            Connecting needed = null;
            synchronized (lock) {
                if (waiting.isEmpty()) {
                    return;
                }
                session = withRoom();
                attempt = session == null ? null : waiting.poll();
                if (session != null) {
                    session.take();
                } else if (waiting.size() <= connecting.size() * Http2Session.ASSUMED_STREAMS) {
                    return;
                } else {
                    needed = new Connecting();
                    connecting.add(needed);
                }
            }
            if (needed != null) {
                connector.connect(target, needed);
            } else if (session != null && attempt != null) {
                attempt.onSession(session);
            }
        }
    }

    private @Nullable Http2Session withRoom() {
        for (Http2Session session : sessions) {
            if (session.hasRoom()) {
                return session;
            }
        }
        return null;
    }

    /** A request needs its room no more. */
    void giveBack(Http2Session session) {
        boolean isOver;
        boolean isWanted;
        synchronized (lock) {
            session.giveBack();
            if (isRetired && session.isUnused() && waiting.isEmpty()) {
                sessions.remove(session);
            }
            isOver = session.isUnused() && !sessions.contains(session);
            isWanted = !waiting.isEmpty();
        }
        if (isOver) {
            session.close();
        }
        if (isWanted) {
            executor.execute(this::serve);
        }
    }

    /** Whether exchanges have been through a connection before. */
    boolean isUsed(Http2Session session) {
        synchronized (lock) {
            return session.isUsed();
        }
    }

    /** The upstream has refused a stream: it gets fewer on this connection. */
    void shrink(Http2Session session) {
        synchronized (lock) {
            session.shrink();
        }
    }

    /** The upstream says how many streams it takes. */
    void allow(Http2Session session, int streams) {
        synchronized (lock) {
            session.allow(streams);
        }
        serve();
    }

    /** No more requests will come but those that are in flight: connections end with them. */
    void retire() {
        List<Http2Session> unused;
        synchronized (lock) {
            isRetired = true;
            unused = sessions.stream().filter(Http2Session::isUnused).toList();
            sessions.removeAll(unused);
        }
        unused.forEach(Http2Session::close);
    }

    /** A connection takes no more requests; those that it carries may go on. */
    void retire(Http2Session session) {
        boolean isOver;
        synchronized (lock) {
            isOver = sessions.remove(session) && session.isUnused();
        }
        if (isOver) {
            session.close();
        }
    }

    /** Retires a connection if it carries nothing; returns whether that is so. */
    boolean retireIfUnused(Http2Session session) {
        synchronized (lock) {
            if (session.isUnused()) {
                sessions.remove(session);
                return true;
            }
            return false;
        }
    }

    /** How many connections carry nothing. */
    int idleConnections() {
        synchronized (lock) {
            return (int) sessions.stream().filter(Http2Session::isUnused).count();
        }
    }

    /** A connection that is being made. */
    private final class Connecting implements Http2Connector.Outcome {
        private final long beganAt = System.nanoTime();
        private final Http2Session session = new Http2Session(Http2Pool.this);
        private volatile boolean isAbandoned;
        private volatile @Nullable EndPoint opened;

        @Override
        public Http2Session session() {
            return session;
        }

        void abandon() {
            isAbandoned = true;
            closeIfAbandoned();
        }

        private void closeIfAbandoned() {
            EndPoint endPoint = opened;
            if (isAbandoned && endPoint != null) {
                endPoint.close(new IOException("nobody waits for it"));
            }
        }

        @Override
        public boolean isAbandoned() {
            return isAbandoned;
        }

        @Override
        public void onOpened(EndPoint endPoint) {
            opened = endPoint;
            closeIfAbandoned();
        }

        @Override
        public void connected() {
            boolean isNeedless;
            synchronized (lock) {
                connecting.remove(this);
                isNeedless = isRetired && waiting.isEmpty();
                if (!isNeedless) {
                    sessions.add(session);
                }
            }
            if (isNeedless) {
                session.close();
            } else {
                serve();
            }
        }

        @Override
        public void agreedToHttp1() {
            List<Http2Attempt> all;
            synchronized (lock) {
                connecting.remove(this);
                all = List.copyOf(waiting);
                waiting.clear();
            }
            all.forEach(Http2Attempt::onHttp1);
        }

        @Override
        public void failed(Throwable cause) {
            Http2Attempt oldest;
            synchronized (lock) {
                connecting.remove(this);
                oldest = waiting.peek();
                // To one that came later, an upstream that was away is back, maybe.
                if (oldest != null && oldest.attemptedAt() - beganAt <= 0) {
                    waiting.poll();
                } else {
                    oldest = null;
                }
            }
            if (oldest != null) {
                oldest.onNoSession(cause);
            }
            serve();
        }
    }
}
