package dev.aiproxy;

/**
 * Sees what happens to exchanges: facts, never bodies or credentials.
 *
 * <p>For one exchange the calls come in the order of the methods here, one after another, and the last is always
 * {@link #onEnd}, exactly once. {@code onResponse}, {@code onFirstByte} and {@code onFirstToken} are left out when there is
 * nothing to tell. Calls for different exchanges come from several threads at once.
 *
 * <p>The calls are made on the threads that move the bytes, so a listener must not block. Nor may it {@linkplain
 * ForwardProxy#drain drain}, {@linkplain ForwardProxy#handOver hand over} or {@linkplain ForwardProxy#close close} the
 * proxy, which waits for exchanges to end: they throw {@link IllegalStateException} there, and another thread has to do it.
 * What a listener throws is logged once and does no harm to the exchange.
 */
public interface ExchangeListener {

    /** A request head has been read. */
    default void onRequest(Exchange exchange) {}

    /**
     * The response head is on its way to the client.
     *
     * @param status status code, 200 to 999; or 101, if both sides have changed to another protocol
     */
    default void onResponse(Exchange exchange, int status) {}

    /** The first byte of the response body is on its way to the client. */
    default void onFirstByte(Exchange exchange) {}

    /**
     * The first piece of what the model has to say has been handed to the client's connection: in a stream, and only with
     * {@link ForwardProxyBuilder#aiInsight}.
     */
    default void onFirstToken(Exchange exchange) {}

    /** The exchange is over. */
    default void onEnd(ExchangeEnd end) {}
}
