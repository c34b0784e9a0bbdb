package dev.aiproxy.internal;

import dev.aiproxy.ProxyConfig;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;

/** Whether requests to the target would come back to the proxy. */
final class OwnAddress {

    private OwnAddress() {}

    static boolean isReachedBy(ProxyConfig config) {
        if (config.listen().port() == 0
                || config.target().getPort() != config.listen().port()) {
            return false;
        }
        try {
            InetAddress listen = InetAddress.getByName(config.listen().host());
            String host = config.target().getHost();
            for (InetAddress target : InetAddress.getAllByName(host)) {
                boolean isCovered = listen.isAnyLocalAddress() ? isOfThisMachine(target) : listen.equals(target);
                if (isCovered || target.isAnyLocalAddress()) {
                    return true;
                }
            }
            return false;
        } catch (UnknownHostException | SocketException unknown) {
            // A name that cannot be looked up now is not ours; requests will tell.
            return false;
        }
    }

    private static boolean isOfThisMachine(InetAddress address) throws SocketException {
        return address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || NetworkInterface.getByInetAddress(address) != null;
    }
}
