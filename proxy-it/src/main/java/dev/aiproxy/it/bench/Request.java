package dev.aiproxy.it.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A request as AI clients send it, in HTTP/1.1 and as a message of HTTP/2, how many meaningless bytes follow as the rest of
 * its body, and how many come back in a good answer's.
 */
record Request(byte[] text, Http2Message message, long fillerBytes, long answerBytes) {
    private static final String HOST = "bench.example";
    private static final String AGENT = "bench/1";
    private static final String KEY = "Bearer not-a-secret-just-as-long-as-one-0123456789";
    private static final String PROMPT = "{\"model\":\"some-model\",\"stream\":true,\"messages\":[{\"role\":\"user\","
            + "\"content\":\"" + "Tell me a story. ".repeat(12) + "\"}]}";

    /** One event at once, the others one per interval. */
    static Request stream(long intervalMicros, long events) {
        return post(
                "/stream?every=" + intervalMicros + "&events=" + events + "&tag=0",
                "application/json",
                PROMPT,
                0,
                events * Event.BYTES);
    }

    /** One event at once, the next in an hour; the stub reports its end under the tag. */
    static Request quietStream(long tag) {
        long hourMicros = TimeUnit.HOURS.toMicros(1);
        return post("/stream?every=" + hourMicros + "&events=2&tag=" + tag, "application/json", PROMPT, 0, Event.BYTES);
    }

    static Request json() {
        return post("/json", "application/json", PROMPT, 0, StubAnswer.JSON.length());
    }

    static Request upload(long bytes) {
        return post("/upload", "application/octet-stream", "", bytes, StubAnswer.JSON.length());
    }

    static Request download(long bytes) {
        return post("/download?bytes=" + bytes, "application/json", PROMPT, 0, bytes);
    }

    /** The bytes to begin with, to be read once. */
    ByteBuffer bytes() {
        return ByteBuffer.wrap(text);
    }

    private static Request post(String target, String type, String body, long fillerBytes, long answerBytes) {
        String length = Long.toString(body.length() + fillerBytes);
        String text = "POST " + target + " HTTP/1.1\r\nHost: " + HOST + "\r\nUser-Agent: " + AGENT + "\r\n"
                + "Authorization: " + KEY + "\r\nAccept: */*\r\n"
                + "Content-Type: " + type + "\r\nContent-Length: " + length + "\r\n\r\n" + body;
        HpackWriter head = new HpackWriter()
                .field(":method", "POST")
                .field(":scheme", "http")
                .field(":authority", HOST)
                .field(":path", target)
                .field("user-agent", AGENT)
                .field("authorization", KEY)
                .field("accept", "*/*")
                .field("content-type", type)
                .field("content-length", length);
        Http2Message message = fillerBytes > 0 ? Http2Message.head(head) : Http2Message.whole(head, body);
        return new Request(text.getBytes(StandardCharsets.ISO_8859_1), message, fillerBytes, answerBytes);
    }
}
