package dev.aiproxy.it.bench;

import java.io.IOException;

/** The stub's side of one exchange, in the words of one protocol. */
interface StubAnswer {
    /** What is answered to all but streams and downloads. */
    String JSON = "{\"id\":\"msg_0123456789\",\"object\":\"chat.completion\",\"content\":\"" + "x".repeat(400)
            + "\",\"usage\":{\"input_tokens\":12,\"output_tokens\":34}}";

    void json() throws IOException;

    void download(long bytes) throws IOException;

    void beginStream() throws IOException;

    /** Sends an event, if there is room; whether there was. */
    boolean event() throws IOException;

    void endStream() throws IOException;

    /** The connection is of no use any more. */
    void failed(IOException failure);
}
