package dev.aiproxy.internal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.IdleTimeout;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.jspecify.annotations.Nullable;

/** Closes connections of clients that keep a request head waiting, or have been idle for too long in a hand-over. */
final class ConnectionWatch {

    /** How often it looks within a time limit: what is over it is found when it is over it by a sixteenth, at most. */
    private static final int LOOKS = 16;

    private final Connector connector;
    private volatile @Nullable Duration quietLimit;
    private long headsSeenAt = System.nanoTime();

    ConnectionWatch(Connector connector) {
        this.connector = connector;
    }

    /** From now on, connections without a request are closed when they have been idle for so long. */
    void closeQuietOnes(Duration quiet) {
        quietLimit = quiet;
    }

    /** @param headerTimeout longest time for a head; zero means for ever */
    void tick(Duration headerTimeout) {
        if (!headerTimeout.isZero() && isTimeForHeads(headerTimeout)) {
            connector.getConnectedEndPoints().forEach(connected -> closeIfHeadDrips(connected, headerTimeout));
        }
        Duration quiet = quietLimit;
        if (quiet != null) {
            connector.getConnectedEndPoints().forEach(connected -> closeIfQuiet(connected, quiet));
        }
    }

    /** Seldom as compared with what there is to see, since there may be thousands of them. */
    private boolean isTimeForHeads(Duration headerTimeout) {
        long now = System.nanoTime();
        boolean isTime = now - headsSeenAt >= headerTimeout.toNanos() / LOOKS;
        if (isTime) {
            headsSeenAt = now;
        }
        return isTime;
    }

    /** Each byte of a head restarts the connection's idle time, so that a client could take for ever over one. */
    private static void closeIfHeadDrips(EndPoint connected, Duration headerTimeout) {
        EndPoint client = clientOf(connected);
        if (client == null) {
            return;
        }
        long beganAt = unfinishedSince(client);
        if (beganAt != 0 && System.nanoTime() - beganAt > headerTimeout.toNanos()) {
            client.close(new TimeoutException("request head not complete in time"));
        }
    }

    private static long unfinishedSince(EndPoint endPoint) {
        if (endPoint instanceof ClientEndPoint http1) {
            return http1.headBeganAt();
        }
        return endPoint instanceof Http2EndPoint http2 ? http2.frameBeganAt() : 0;
    }

    /** In HTTP/2, GOAWAY has said it all. */
    private static void closeIfQuiet(EndPoint connected, Duration quiet) {
        boolean isQuiet =
                connected instanceof IdleTimeout timed && timed.getIdleFor() >= TimeUnit.MILLISECONDS.convert(quiet);
        if (isQuiet && clientOf(connected) instanceof ClientEndPoint client && client.isAtRest()) {
            client.close();
        }
    }

    /** Where HTTP is spoken, above TLS if there is TLS; null until that is known. */
    private static @Nullable EndPoint clientOf(EndPoint connected) {
        Connection connection = connected.getConnection() instanceof SslConnection encrypted
                ? encrypted.getSslEndPoint().getConnection()
                : connected.getConnection();
        return connection == null ? null : connection.getEndPoint();
    }
}
