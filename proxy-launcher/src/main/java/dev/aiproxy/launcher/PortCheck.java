package dev.aiproxy.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Optional;

/** Finds out before a proxy is started whether it could listen. */
final class PortCheck {

    private static final String UNKNOWN = "host name unknown; choose an address of this machine";

    private PortCheck() {}

    /**
     * Why nothing can listen there, in words that follow "cannot listen on …: "; empty if it can.
     *
     * @param port 0 is always fine
     */
    static Optional<String> problem(String host, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
            return Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.of(UNKNOWN);
        } catch (IOException e) {
            return Optional.of(reason(e, ConfigKey.LISTEN_PORT, port));
        }
    }

    /**
     * What to make of a failure to listen.
     *
     * @param key the setting that names the port
     */
    static String reason(IOException failure, ConfigKey<?> key, int port) {
        String message = String.valueOf(failure.getMessage());
        if (message.contains("in use")) {
            String owner = PortOwner.of(port).map(found -> " by " + found).orElse("");
            return "address in use" + owner + "; choose another " + key + " or stop the other process";
        }
        if (message.contains("ermission")) {
            return "permission denied; choose a port above 1023";
        }
        if (message.contains("unknown")) {
            return UNKNOWN;
        }
        return message.contains("assign") ? "not an address of this machine; choose one that is" : message;
    }
}
