package dev.aiproxy.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** A streamed call of a real client, seen as its user sees it. For one thread; closing frees everything. */
interface StreamedCall extends AutoCloseable {

    /** Waits for the next event; none if the stream has ended well. */
    Optional<JsonNode> next();

    /** Leaves before the end, the way the client's documentation says. */
    void cancel();

    @Override
    void close();
}
