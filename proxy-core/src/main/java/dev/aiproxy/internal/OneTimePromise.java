package dev.aiproxy.internal;

import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;

/** Hands its first result on, and lets go of who has waited for it. Any thread may call. */
final class OneTimePromise<T> implements Promise<T> {

    private final AtomicReference<@Nullable Promise<T>> waiting;

    OneTimePromise(Promise<T> promise) {
        waiting = new AtomicReference<>(promise);
    }

    @Override
    public void succeeded(T result) {
        Promise<T> promise = waiting.getAndSet(null);
        if (promise != null) {
            promise.succeeded(result);
        }
    }

    @Override
    public void failed(Throwable cause) {
        Promise<T> promise = waiting.getAndSet(null);
        if (promise != null) {
            promise.failed(cause);
        }
    }
}
