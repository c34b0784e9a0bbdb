package dev.aiproxy.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;

/** A call of a Java SDK that hands out its events as a {@link Stream}. */
final class IteratedCall implements StreamedCall {
    private final Iterator<?> events;
    private final JsonMapper mapper;
    private final Runnable response;
    private final Runnable client;

    /** Takes the SDK's own mapper, and what closes the answer and the client. */
    IteratedCall(Stream<?> events, JsonMapper mapper, Runnable response, Runnable client) {
        this.events = events.iterator();
        this.mapper = mapper;
        this.response = response;
        this.client = client;
    }

    @Override
    public Optional<JsonNode> next() {
        return events.hasNext() ? Optional.of(Json.of(events.next(), mapper)) : Optional.empty();
    }

    @Override
    public void cancel() {
        response.run();
    }

    @Override
    public void close() {
        response.run();
        client.run();
    }
}
