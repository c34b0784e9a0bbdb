package dev.aiproxy.internal;

import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ExchangeListener;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the listeners in turn, and keeps what they throw away from the exchange. */
final class Listeners implements ExchangeListener {

    private static final Logger logger = LoggerFactory.getLogger(Listeners.class);

    private final List<ExchangeListener> listeners;
    private final Set<ExchangeListener> failed = ConcurrentHashMap.newKeySet();
    private final ThreadLocal<@Nullable Boolean> calling = new ThreadLocal<>();

    Listeners(List<ExchangeListener> listeners) {
        this.listeners = listeners;
    }

    @Override
    public void onRequest(Exchange exchange) {
        each(listener -> listener.onRequest(exchange));
    }

    @Override
    public void onResponse(Exchange exchange, int status) {
        each(listener -> listener.onResponse(exchange, status));
    }

    @Override
    public void onFirstByte(Exchange exchange) {
        each(listener -> listener.onFirstByte(exchange));
    }

    @Override
    public void onFirstToken(Exchange exchange) {
        each(listener -> listener.onFirstToken(exchange));
    }

    @Override
    public void onEnd(ExchangeEnd end) {
        each(listener -> listener.onEnd(end));
    }

    private void each(Consumer<ExchangeListener> call) {
        calling(() -> {
            for (ExchangeListener listener : listeners) {
                tell(listener, call);
            }
            return true;
        });
    }

    private void tell(ExchangeListener listener, Consumer<ExchangeListener> call) {
        try {
            call.accept(listener);
        } catch (Throwable e) {
            // Not only what Java lets it throw: other languages know no checked exceptions.
            if (failed.add(listener)) {
                logger.warn("listener {} failed; told once", listener.getClass().getName(), e);
            }
        }
    }

    /** The same function, and a listener of sorts: {@link #isCalling} while it runs. */
    <A, B> Function<A, B> watched(Function<A, B> function) {
        return argument -> calling(() -> function.apply(argument));
    }

    private <T> T calling(Supplier<T> call) {
        boolean isNested = isCalling();
        calling.set(true);
        try {
            return call.get();
        } finally {
            if (!isNested) {
                calling.remove();
            }
        }
    }

    /**
     * Whether the thread at hand is in one of these listeners. Not only the proxy's own threads are: whoever closes it ends
     * exchanges, too.
     */
    boolean isCalling() {
        return calling.get() != null;
    }
}
