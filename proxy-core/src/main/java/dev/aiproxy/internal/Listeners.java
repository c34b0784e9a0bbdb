package dev.aiproxy.internal;

import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ExchangeListener;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the listeners in turn, and keeps what they throw away from the exchange. */
final class Listeners implements ExchangeListener {

    private static final Logger logger = LoggerFactory.getLogger(Listeners.class);

    private final List<ExchangeListener> listeners;
    private final Set<ExchangeListener> failed = ConcurrentHashMap.newKeySet();
    private final ThreadLocal<Depth> depth = ThreadLocal.withInitial(Depth::new);

    /** How many calls of these listeners a thread is in, one within the other. */
    private static final class Depth {
        private int calls;
    }

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
        Depth here = depth.get();
        here.calls++;
        try {
            for (ExchangeListener listener : listeners) {
                tell(listener, call);
            }
        } finally {
            here.calls--;
        }
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
        return argument -> {
            Depth here = depth.get();
            here.calls++;
            try {
                return function.apply(argument);
            } finally {
                here.calls--;
            }
        };
    }

    /**
     * Whether the thread at hand is in one of these listeners. Not only the proxy's own threads are: whoever closes it ends
     * exchanges, too.
     */
    boolean isCalling() {
        return depth.get().calls > 0;
    }
}
