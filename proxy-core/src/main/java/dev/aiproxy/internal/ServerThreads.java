package dev.aiproxy.internal;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The threads of both sides.
 *
 * <p>When a response is through, Jetty has another thread go on with the client's connection. There is seldom more to do than
 * to wait for the next request, which the selector's thread has to be told of in any case: so that one does it all, and no
 * other thread is woken up for each request. It may, since nothing on the path of a request blocks.
 */
final class ServerThreads extends QueuedThreadPool {

    static final int MOST = 100;
    private static final int LEAST = 8;
    private static final int IDLE_MILLIS = 10_000;

    ServerThreads() {
        super(MOST, LEAST, IDLE_MILLIS);
        setName("ai-proxy");
        // Many connections at once start all that may be, each with a stack of its own. Jetty ends one a minute.
        setMaxEvictCount(MOST);
    }

    @Override
    public void execute(Runnable job) {
        if (job instanceof Connection connection
                && connection.getEndPoint() instanceof ClientEndPoint client
                && client.bottom() instanceof SelectedEndPoint socket) {
            socket.runBySelector(job);
            return;
        }
        super.execute(job);
    }
}
