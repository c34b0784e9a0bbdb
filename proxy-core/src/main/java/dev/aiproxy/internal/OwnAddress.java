package dev.aiproxy.internal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;

/** Whether requests to an address would come back to the proxy. */
final class OwnAddress {

    private OwnAddress() {}

    /**
     * Whether whatever is sent to a host and port comes back to the listener. Not for selector threads, since names are
     * looked up.
     *
     * @param listenPort of the listener; 0 if it is not known yet
     */
    static boolean isReachedBy(String host, int port, String listenHost, int listenPort) {
        if (port != listenPort) {
            return false;
        }
        try {
            InetAddress listen = InetAddress.getByName(listenHost);
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (isCovered(listen, address)) {
                    return true;
                }
            }
            return false;
        } catch (UnknownHostException | SocketException unknown) {
            // A name that cannot be looked up now is not ours; requests will tell.
            return false;
        }
    }

    /**
     * Whether a listener answers at an address. Looks nothing up.
     *
     * @param listen host and port of the listener, looked up, the port being the real one
     */
    static boolean isReachedAt(InetSocketAddress address, InetSocketAddress listen) {
        if (address.getPort() != listen.getPort()) {
            return false;
        }
        try {
            return !listen.isUnresolved() && isCovered(listen.getAddress(), address.getAddress());
        } catch (SocketException unknown) {
            return false;
        }
    }

    private static boolean isCovered(InetAddress listen, InetAddress address) throws SocketException {
        boolean isListenedOn = listen.isAnyLocalAddress() ? isOfThisMachine(address) : listen.equals(address);
        return isListenedOn || address.isAnyLocalAddress();
    }

    private static boolean isOfThisMachine(InetAddress address) throws SocketException {
        return address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || NetworkInterface.getByInetAddress(address) != null;
    }
}
