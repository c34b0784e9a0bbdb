package dev.aiproxy.internal;

import org.jspecify.annotations.Nullable;

/**
 * The way of a request.
 *
 * @param target where it goes; the proxy's own target if it goes nowhere
 * @param named what the request names instead of a path on the proxy's own target, without user info; nothing if it is
 *     such a path, or goes nowhere
 * @param refusal why it goes nowhere
 */
record Route(
        Target target, @Nullable String named, @Nullable Failure refusal) {

    static Route to(Target own) {
        return new Route(own, null, null);
    }

    static Route malformed(Target own) {
        return new Route(own, null, Failure.BAD_REQUEST);
    }

    boolean isMalformed() {
        return refusal == Failure.BAD_REQUEST;
    }
}
