package dev.aiproxy.internal;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;

/**
 * Looks names up, and hands out only addresses that may be connected to. Who asks connects to one of these and does not
 * look the name up again, so a name cannot lead elsewhere after it has been checked.
 */
final class CheckedAddresses implements SocketAddressResolver {

    private final SocketAddressResolver resolver;
    private final Predicate<InetSocketAddress> isOwn;

    /**
     * Wraps a resolver.
     *
     * @param resolver looks names up without blocking its caller
     * @param isOwn whether the proxy itself listens at an address
     */
    CheckedAddresses(SocketAddressResolver resolver, Predicate<InetSocketAddress> isOwn) {
        this.resolver = resolver;
        this.isOwn = isOwn;
    }

    @Override
    public void resolve(String host, int port, Map<String, Object> context, Promise<List<InetSocketAddress>> promise) {
        Destination destination = (Destination) context.get(Destination.CONTEXT_KEY);
        if (destination == null) {
            resolver.resolve(host, port, context, promise);
            return;
        }
        // The tag keeps connections apart, too: one made for a host that is named is not used for a wildcard's.
        Target.Reach reach = Upstreams.Tag.of(destination.getOrigin()).reach();
        ProxyTransport proxy = ProxyTransport.of(destination.getOrigin().getTransport());
        if (proxy != null) {
            resolve(proxy, host, reach, promise);
        } else if (reach == Target.Reach.OWN) {
            resolver.resolve(host, port, context, promise);
        } else {
            resolve(host, port, reach, promise);
        }
    }

    /**
     * Looks up the proxy on the way to an upstream, which looks up the upstream itself: of that is known how it is written.
     *
     * @param host of the upstream, lower-case, an IPv6 address in brackets
     */
    void resolve(ProxyTransport proxy, String host, Target.Reach reach, Promise<List<InetSocketAddress>> promise) {
        boolean isRefused = reach == Target.Reach.WILDCARD && SpecialAddresses.isWrittenAs(host);
        Promise<List<InetSocketAddress>> found = Promise.from(
                addresses -> {
                    if (isRefused) {
                        // Not before: whoever is told at once would begin the next attempt from its stack.
                        promise.failed(new RefusedAddressException(Failure.FORWARD_ADDRESS_NOT_ALLOWED));
                    } else {
                        promise.succeeded(addresses);
                    }
                },
                cause -> promise.failed(UpstreamProxyException.of(cause)));
        resolve(proxy.host(), proxy.port(), Target.Reach.NAMED, found);
    }

    /** Looks up what to connect to on the way to an upstream that a transport takes. */
    void resolve(Target target, Transport transport, Promise<List<InetSocketAddress>> promise) {
        String host = target.uri().getHost();
        ProxyTransport proxy = ProxyTransport.of(transport);
        if (proxy == null) {
            resolve(host, target.uri().getPort(), target.reach(), promise);
        } else {
            resolve(proxy, host, target.reach(), promise);
        }
    }

    /** Looks up the host of an upstream that may be reached for this reason. */
    void resolve(String host, int port, Target.Reach reach, Promise<List<InetSocketAddress>> promise) {
        resolver.resolve(host, port, Map.of(), new Check(reach, promise));
    }

    private final class Check extends Promise.Wrapper<List<InetSocketAddress>> {
        private final Target.Reach reach;

        Check(Target.Reach reach, Promise<List<InetSocketAddress>> promise) {
            super(promise);
            this.reach = reach;
        }

        @Override
        public void succeeded(List<InetSocketAddress> found) {
            List<InetSocketAddress> allowed = found.stream()
                    .filter(address ->
                            reach != Target.Reach.WILDCARD || !SpecialAddresses.contains(address.getAddress()))
                    .toList();
            if (allowed.isEmpty()) {
                failed(new RefusedAddressException(Failure.FORWARD_ADDRESS_NOT_ALLOWED));
            } else if (allowed.stream().anyMatch(isOwn)) {
                failed(new RefusedAddressException(Failure.REQUEST_LOOP));
            } else {
                super.succeeded(allowed);
            }
        }
    }
}
