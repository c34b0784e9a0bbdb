package dev.aiproxy.launcher;

import dev.aiproxy.ExchangeProgress;
import dev.aiproxy.ForwardProxy;
import dev.aiproxy.ProxyStats;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A proxy of this process, to be looked at. */
final class WatchedProxy implements Watched {

    /** The machine may get other addresses meanwhile, but is not asked for them every second. */
    private static final long ADDRESSES_LAST_NANOS = Duration.ofMinutes(1).toNanos();

    private final ForwardProxy proxy;
    private final Supplier<Settings> settings;
    private final ListenAddress listening;
    private List<String> baseUris = List.of();
    private long baseUrisAt;

    /** @param settings those in effect */
    WatchedProxy(ForwardProxy proxy, Supplier<Settings> settings) {
        this.proxy = proxy;
        this.settings = settings;
        boolean isSecure = proxy.config().listen().tls().isPresent();
        this.listening = new ListenAddress(isSecure ? "https" : "http", proxy.address());
    }

    @Override
    public List<ExchangeProgress> progress() {
        return proxy.progress();
    }

    @Override
    public ProxyStats stats() {
        return proxy.stats();
    }

    @Override
    public Settings settings() {
        return settings.get();
    }

    @Override
    public String targetText() {
        return proxy.config().target().toString();
    }

    @Override
    public synchronized List<String> baseUris() {
        if (baseUris.isEmpty() || System.nanoTime() - baseUrisAt > ADDRESSES_LAST_NANOS) {
            baseUris = found();
            baseUrisAt = System.nanoTime();
        }
        return baseUris;
    }

    private List<String> found() {
        InetAddress address = listening.socket().getAddress();
        Stream<String> others = LocalAddress.all().stream()
                .filter(local -> !local.address().isLoopbackAddress() && local.reaches(address))
                .map(local -> listening.uri(local.address()));
        return Stream.concat(Stream.of(listening.localUri()), others).distinct().toList();
    }
}
