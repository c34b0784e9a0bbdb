package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;

/** Traffic of every kind that can be told apart, whose numbers are known, and its AI server. */
final class MeasuredTraffic implements AutoCloseable {
    /** Of the client ann. */
    static final String TOKEN = "token-of-ann-0123456789";

    /** How many {@link #sendTo} makes. */
    static final int EXCHANGES = 15;

    private static final String EVENT = "data: {\"model\":\"m-1\",\"choices\":[{\"delta\":{\"content\":\"t\"}}]}\n\n";
    private static final String USAGE =
            "data: {\"model\":\"m-1\",\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":3}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";
    private static final String BODY = "{\"model\":\"m-2\",\"choices\":[{\"message\":{\"content\":\"t\"}}],"
            + "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}";
    private static final String REMARK = ": no event\n\n";
    private static final String QUESTION = "hello";
    private static final String AUTHORIZATION = "Authorization: Bearer " + TOKEN + "\r\n";

    private static final int STREAMS = 5;
    private static final int BODIES = 4;
    private static final int TORN = 3;
    private static final int LEFT = 2;

    private final ScriptedUpstream upstream = ScriptedUpstream.plain();
    private final Gate isRead = Gate.named("the client to have the event");
    private long responseBytes;

    void start() {
        upstream.answer(request -> switch (request.target()) {
            case "/stream" -> events(EVENT, EVENT, EVENT, USAGE, DONE).then(Step.lastChunk());
            case "/body" -> Answers.json(200, BODY);
            case "/torn" -> events(EVENT).then(new Step.Fin());
            default -> events(EVENT).then(Step.await(isRead), Step.chunk(REMARK), new Step.Never());
        });
    }

    /** Answers with an event when the gate is opened, and nothing else. */
    void answerAfter(Gate gate) {
        upstream.answer(request -> Answers.gatedEvents(1, gate));
    }

    private static Script events(String... events) {
        return Answers.eventHead().then(Arrays.stream(events).map(Step::chunk).toList());
    }

    int port() {
        return upstream.port();
    }

    static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: x\r\n" + AUTHORIZATION + "\r\n";
    }

    /** Sends all of it, one after another, and reads whatever comes. */
    void sendTo(InetSocketAddress proxy) throws IOException {
        for (int number = 0; number < STREAMS; number++) {
            read(proxy, get("/stream"), 200);
        }
        for (int number = 0; number < BODIES; number++) {
            read(
                    proxy,
                    "POST /body HTTP/1.1\r\nHost: x\r\n" + AUTHORIZATION + "Content-Length: " + QUESTION.length()
                            + "\r\n\r\n" + QUESTION,
                    200);
        }
        for (int number = 0; number < TORN; number++) {
            read(proxy, get("/torn"), 200);
        }
        for (int number = 0; number < LEFT; number++) {
            leave(proxy);
        }
        read(proxy, "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n", 401);
    }

    private void read(InetSocketAddress proxy, String request, int status) throws IOException {
        try (RawClient client = RawClient.connect(proxy)) {
            RawResponse response = client.send(request).readResponse();
            assertThat(response.status()).isEqualTo(status);
            responseBytes += response.body().length;
        }
    }

    private void leave(InetSocketAddress proxy) throws IOException {
        try (RawClient client = RawClient.connect(proxy)) {
            client.send(get("/left")).readHead();
            responseBytes += client.readChunk().length();
            isRead.open();
            // The proxy is through with the event only when it writes more.
            responseBytes += client.readChunk().length();
        }
    }

    /** What clients have sent in bodies. */
    long requestBytes() {
        return (long) BODIES * QUESTION.length();
    }

    /** What clients have received in bodies. */
    long responseBytes() {
        return responseBytes;
    }

    @Override
    public void close() {
        upstream.close();
    }
}
