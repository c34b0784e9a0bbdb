package dev.aiproxy.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** An API of an AI vendor, with answers in the shape of its real ones, kept in {@code src/test/resources/vendors}. */
enum VendorApi {
    OPENAI_CHAT("openai", "chat", "/v1/chat/completions"),
    OPENAI_RESPONSES("openai", "responses", "/v1/responses"),
    ANTHROPIC_MESSAGES("anthropic", "messages", "/v1/messages");

    private static final String DATA = "data: ";
    private static final String PING = "event: ping\n";
    private static final String DONE = "data: [DONE]\n";

    private final String vendor;
    private final String answers;
    private final String path;

    VendorApi(String vendor, String answers, String path) {
        this.vendor = vendor;
        this.answers = answers;
        this.path = path;
    }

    /** Where it lives on the vendor's host. */
    String path() {
        return path;
    }

    /** The whole stream; every event waits at the gate, but for pings, which no client shows. */
    Script gatedStream(Gate gate) {
        List<Step> steps = new ArrayList<>();
        for (String event : wireEvents()) {
            if (!event.startsWith(PING)) {
                steps.add(Step.await(gate));
            }
            steps.add(Step.chunk(event));
        }
        return Answers.eventHead().then(steps).then(Step.lastChunk());
    }

    /** The first half of the stream at once, then silence until the connection ends. */
    Script stalledStream() {
        List<String> all = wireEvents();
        List<Step> half =
                all.subList(0, all.size() / 2).stream().map(Step::chunk).toList();
        return Answers.eventHead().then(half).then(new Step.Never());
    }

    /** The events of the stream that mean something: no ping, no mark of the end. */
    List<JsonNode> events() {
        return wireEvents().stream()
                .filter(event -> !event.startsWith(PING) && !event.startsWith(DONE))
                .map(event -> event.substring(event.indexOf(DATA) + DATA.length()))
                .map(VendorApi::fromWire)
                .toList();
    }

    /** The answer to a call that is not streamed. */
    Script answer() {
        return Answers.json(200, wireText(answers + ".json"));
    }

    /** What {@link #answer} says. */
    JsonNode answerJson() {
        return fromWire(wireText(answers + ".json"));
    }

    /** The vendor's refusal with this status. */
    Script error(int status) {
        return Answers.json(status, wireText(status + ".json"));
    }

    /** The {@code error} member of what {@link #error} says. */
    JsonNode errorJson(int status) {
        return fromWire(wireText(status + ".json")).get("error");
    }

    private List<String> wireEvents() {
        return Arrays.stream(wireText(answers + ".sse").split("(?<=\n\n)")).toList();
    }

    /** One character per byte, as scripts want it. */
    private String wireText(String file) {
        String name = "/vendors/" + vendor + "/" + file;
        try (InputStream in = Objects.requireNonNull(VendorApi.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static JsonNode fromWire(String text) {
        return Json.parse(new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
    }
}
