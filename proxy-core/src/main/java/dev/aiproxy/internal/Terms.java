package dev.aiproxy.internal;

import dev.aiproxy.ProxyConfig;
import org.eclipse.jetty.server.Server;

/**
 * All that may change while the proxy runs, as one value that never does: a request is taken on the terms in effect when it
 * comes, and its exchange keeps them to its end.
 *
 * @param config the settings
 * @param target where they send requests
 * @param rules what else may be reached by them
 * @param door who may come in by them
 * @param upstreams the connections that are made on them
 */
record Terms(ProxyConfig config, Target target, ForwardRules rules, Door door, Upstreams upstreams) {

    /** @param server whose threads, timers and buffers connections to upstreams share */
    static Terms of(ProxyConfig config, Server server) {
        return of(config, new FailedAttempts(System::nanoTime), Upstreams.of(config, server));
    }

    private static Terms of(ProxyConfig config, FailedAttempts failedAttempts, Upstreams upstreams) {
        Target target = Target.of(config.target());
        return new Terms(
                config,
                target,
                new ForwardRules(config.forwardAllow(), target),
                new Door(config.access(), failedAttempts),
                upstreams);
    }

    /**
     * Terms for other settings. They take over what the settings say nothing about, such as who has tried how often to get
     * in, and the upstreams' connections unless they have to be made anew.
     */
    Terms changedTo(ProxyConfig changed) {
        return of(changed, door.failedAttempts(), upstreams.changedTo(changed));
    }
}
