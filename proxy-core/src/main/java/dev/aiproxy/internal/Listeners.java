package dev.aiproxy.internal;

import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ExchangeListener;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the listeners in turn, and keeps what they throw away from the exchange. */
final class Listeners implements ExchangeListener {

    private static final Logger logger = LoggerFactory.getLogger(Listeners.class);

    private final List<ExchangeListener> listeners;
    private final Set<ExchangeListener> failed = ConcurrentHashMap.newKeySet();

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
        for (ExchangeListener listener : listeners) {
            try {
                call.accept(listener);
            } catch (Throwable e) {
                // Not only what Java lets it throw: other languages know no checked exceptions.
                if (failed.add(listener)) {
                    logger.warn(
                            "listener {} failed; told once", listener.getClass().getName(), e);
                }
            }
        }
    }
}
