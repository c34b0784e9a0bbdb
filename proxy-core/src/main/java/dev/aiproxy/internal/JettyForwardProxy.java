package dev.aiproxy.internal;

import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeListener;
import dev.aiproxy.ForwardProxy;
import dev.aiproxy.ProxyConfig;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** A {@link ForwardProxy} on Jetty. */
public final class JettyForwardProxy implements ForwardProxy {
    private final ProxyConfig config;

    public JettyForwardProxy(ProxyConfig config, List<ExchangeListener> listeners) {
        this.config = config;
    }

    @Override
    public ForwardProxy start() {
        throw new UnsupportedOperationException();
    }

    @Override
    public InetSocketAddress address() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ProxyConfig config() {
        return config;
    }

    @Override
    public void retarget(URI target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Exchange> inFlight() {
        return List.of();
    }

    @Override
    public boolean drain(Duration timeout) {
        return true;
    }

    @Override
    public void close() {}
}
