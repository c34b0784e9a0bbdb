package dev.aiproxy.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;

/** A client that knows its vendor's API: whole answers and errors as well as streams. */
interface SdkClient extends StreamingClient {

    /**
     * Makes a call that is not streamed and returns what its user gets to see of the answer.
     *
     * @throws RaisedError if the client raises one
     */
    JsonNode call(URI proxy);

    /** The name of the error it raises for this status. */
    String errorType(int status);
}
