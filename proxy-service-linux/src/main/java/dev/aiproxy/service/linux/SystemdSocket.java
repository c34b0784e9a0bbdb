package dev.aiproxy.service.linux;

import dev.aiproxy.service.ServiceSpec;
import dev.aiproxy.service.ServiceSpec.Scope;
import java.net.InetSocketAddress;

/**
 * The text of the socket unit. systemd listens, as whoever it is, and hands the socket on to the service: connections that
 * come while there is no service wait for the next one, and a low port takes no right of the service's.
 *
 * <p>Source: systemd.socket(5).
 */
final class SystemdSocket {

    private SystemdSocket() {}

    /** The unit file for the socket of a service that has one. */
    static String render(ServiceSpec spec) {
        String edit = spec.scope() == Scope.USER ? "systemctl --user edit " : "systemctl edit ";
        return String.join(
                "",
                SystemdUnit.preface(edit + spec.name() + ".socket"),
                """

                [Unit]
                Description=Socket of the forward proxy for AI traffic

                [Socket]
                """,
                SystemdUnit.setting("ListenStream", address(spec.socket().orElseThrow())),
                """
                Backlog=1024
                """,
                SystemdUnit.installSection("sockets.target"));
    }

    /** A port alone means all addresses of IPv4 and IPv6, as a Java program means by 0.0.0.0. */
    private static String address(InetSocketAddress address) {
        if (address.getAddress().isAnyLocalAddress()) {
            return Integer.toString(address.getPort());
        }
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
