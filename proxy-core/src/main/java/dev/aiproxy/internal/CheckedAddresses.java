package dev.aiproxy.internal;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.eclipse.jetty.client.Destination;
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
        if (destination != null
                && destination.getOrigin().getTag() instanceof Upstreams.Tag tag
                && tag.reach() != Target.Reach.OWN) {
            resolve(host, port, tag.reach(), promise);
        } else {
            resolver.resolve(host, port, context, promise);
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
