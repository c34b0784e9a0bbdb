package dev.aiproxy.launcher;

import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Comparator;
import java.util.List;

/**
 * An address by which clients may know this machine.
 *
 * @param address never a link-local one: those mean something only together with an interface of the client
 * @param network name of the network interface, such as {@code eth0}
 */
record LocalAddress(InetAddress address, String network) {

    /** Those of the machine: loopback first, then IPv4, then IPv6. */
    static List<LocalAddress> all() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(LocalAddress::isUp)
                    .flatMap(network ->
                            network.inetAddresses().map(address -> new LocalAddress(address, network.getName())))
                    .filter(local -> !local.address.isLinkLocalAddress())
                    .sorted(Comparator.comparing((LocalAddress local) -> !local.address.isLoopbackAddress())
                            .thenComparing(local -> !local.isIpv4()))
                    .toList();
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isUp(NetworkInterface network) {
        try {
            return network.isUp();
        } catch (SocketException gone) {
            return false;
        }
    }

    boolean isIpv4() {
        return address instanceof Inet4Address;
    }

    /**
     * Whether a proxy that listens there is reached by this address. Listening on all addresses includes IPv6 even when
     * it is written {@code 0.0.0.0}: Java has one socket for both.
     */
    boolean reaches(InetAddress listening) {
        return listening.isAnyLocalAddress() || listening.equals(address);
    }
}
