package dev.aiproxy.it;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port for a program that cannot say which it has taken. It is free, and below those that Linux hands out by itself, so
 * that no other socket gets it between now and its use.
 */
final class FreePort {
    private static final int LOWEST = 10_000;
    private static final int BELOW = 30_000;
    private static final int MOST_TRIES = 1_000;

    private FreePort() {}

    static int any() throws IOException {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, BELOW);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IOException("no port is free");
    }

    private static boolean isFree(int port) {
        // On all addresses, and so on each.
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
