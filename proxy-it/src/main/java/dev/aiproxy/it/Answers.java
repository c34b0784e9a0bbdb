package dev.aiproxy.it;

import java.util.ArrayList;
import java.util.List;

/**
 * Scripts of what AI servers do, well and badly. Each reads the request body first unless it says otherwise.
 *
 * <p>How a connection breaks is a parameter: {@link Step.Fin} or {@link Step.Reset}.
 */
public final class Answers {
    private static final String SSE_200 = "HTTP/1.1 200 OK";
    private static final String EVENT_STREAM = "Content-Type: text/event-stream";
    private static final String CHUNKED = "Transfer-Encoding: chunked";

    private Answers() {}

    /** A small JSON answer with status 200. */
    public static Script ok() {
        return json(200, "{\"ok\":true}");
    }

    /** A JSON answer with Content-Length. */
    public static Script json(int status, String body) {
        return message("HTTP/1.1 " + status + " Status", body, "Content-Type: application/json");
    }

    /** Any answer with Content-Length, which comes after the other fields. */
    public static Script message(String statusLine, String body, String... fieldLines) {
        List<String> lines = new ArrayList<>(List.of(fieldLines));
        lines.add("Content-Length: " + body.length());
        return Script.of(new Step.ReadBody(), Step.head(statusLine, lines.toArray(String[]::new)), Step.send(body));
    }

    /** A head and nothing after it. */
    public static Script headOnly(String statusLine, String... fieldLines) {
        return Script.of(new Step.ReadBody(), Step.head(statusLine, fieldLines));
    }

    /** The text of event {@code number}, as {@link #events} and {@link #gatedEvents} send it. */
    public static String event(int number) {
        return "data: {\"token\":" + number + "}\n\n";
    }

    /** A head at once, then {@code count} events, each one chunk sent when the gate lets it through, then the end. */
    public static Script gatedEvents(int count, Gate gate) {
        return eventHead().then(chunks(count, Step.await(gate))).then(Step.lastChunk());
    }

    /** A head, {@code count} events of one chunk each, the end, all without a pause. */
    public static Script events(int count) {
        return eventHead().then(chunks(count)).then(Step.lastChunk());
    }

    /** The head of an event stream; the rest is up to the caller. */
    public static Script eventHead() {
        return Script.of(new Step.ReadBody(), Step.head(SSE_200, EVENT_STREAM, CHUNKED));
    }

    /** An event stream that breaks after {@code count} events, without the last chunk. */
    public static Script cutChunks(int count, Step end) {
        return eventHead().then(chunks(count)).then(end);
    }

    /** An answer that breaks ten bytes before its Content-Length is reached. */
    public static Script cutLength(String body, Step end) {
        return headOnly("HTTP/1.1 200 OK", "Content-Length: " + (body.length() + 10))
                .then(Step.send(body), end);
    }

    /** An answer as long as the connection. */
    public static Script closeDelimited(String body, Step end) {
        return headOnly("HTTP/1.1 200 OK", "Content-Type: text/plain").then(Step.send(body), end);
    }

    /** An event stream whose second chunk has a size that is none. */
    public static Script badChunkSize() {
        return eventHead().then(chunks(1)).then(Step.send("zz\r\nwhat\r\n"), new Step.Never());
    }

    /** Bytes that are no HTTP, then the end. */
    public static Script garbage() {
        return Script.of(new Step.ReadBody(), Step.send("\u0016\u0003\u0001 this is no HTTP\r\n\r\n"), new Step.Fin());
    }

    /** Interim heads, then the answer. */
    public static Script interim(List<Step> interimHeads, Script answer) {
        List<Step> steps = new ArrayList<>(interimHeads);
        steps.addAll(answer.steps());
        return new Script(steps);
    }

    /** An answer as soon as the request head is there; the body is read afterwards. */
    public static Script early(int status, String body) {
        List<Step> steps = new ArrayList<>(json(status, body).steps());
        steps.remove(0);
        return new Script(steps);
    }

    /** No answer at all; the request is read. */
    public static Script silence() {
        return Script.of(new Step.ReadBody(), new Step.Never());
    }

    /** An answer that promises a kept connection, which is then closed at once. */
    public static Script okThenClose() {
        return ok().then(new Step.Fin());
    }

    private static List<Step> chunks(int count, Step... before) {
        List<Step> steps = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            steps.addAll(List.of(before));
            steps.add(Step.chunk(event(number)));
        }
        return steps;
    }
}
