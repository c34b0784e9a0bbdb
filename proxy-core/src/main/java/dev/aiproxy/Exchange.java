package dev.aiproxy;

import java.time.Instant;
import java.util.Optional;

/**
 * The facts of one request as it arrived, without credentials.
 *
 * @param id number of the exchange, unique within one {@link ForwardProxy}, ascending in order of arrival
 * @param startedAt when the first byte of the request was seen
 * @param client address of the client's end of the connection, without the port; {@code "-"} if it is not known
 * @param clientName name of the token that the client has shown, if any was asked for
 * @param method method as the client wrote it; {@code "-"} if the request could not be parsed
 * @param path path as the client wrote it, without the query; {@code "-"} if the request could not be parsed. Where the
 *     request goes to another host than the target's, an absolute URI such as {@code "http://host:80/v1"}; with
 *     {@code CONNECT} that is allowed, host and port
 * @param query names of the query's parameters with their values left out, such as {@code "?key=&stream="}; empty if
 *     there is no query
 * @param httpVersion version of HTTP that the client speaks: {@code "1.0"}, {@code "1.1"} or {@code "2"}; empty if the
 *     request could not be parsed
 * @param trace which trace the request belongs to
 */
public record Exchange(
        long id,
        Instant startedAt,
        String client,
        Optional<String> clientName,
        String method,
        String path,
        String query,
        Optional<String> httpVersion,
        TraceContext trace) {

    /**
     * A request of which no more is known than what was asked for and by whom.
     *
     * @param id see above
     * @param startedAt see above
     * @param client see above
     * @param clientName see above
     * @param method see above
     * @param path see above
     * @param query see above
     */
    public Exchange(
            long id,
            Instant startedAt,
            String client,
            Optional<String> clientName,
            String method,
            String path,
            String query) {
        this(id, startedAt, client, clientName, method, path, query, Optional.empty(), TraceContext.NONE);
    }
}
