package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** A vendor's SDK for JavaScript on Node, driven by a script in {@code src/test/node}. */
final class NodeClient implements SdkClient {
    private final VendorApi api;
    private final String script;

    private NodeClient(VendorApi api, String script) {
        this.api = api;
        this.script = script;
    }

    /** OpenAI's. */
    static NodeClient openAi() {
        return new NodeClient(VendorApi.OPENAI_CHAT, "openai.mjs");
    }

    /** Anthropic's. */
    static NodeClient anthropic() {
        return new NodeClient(VendorApi.ANTHROPIC_MESSAGES, "anthropic.mjs");
    }

    @Override
    public VendorApi api() {
        return api;
    }

    @Override
    public StreamedCall stream(URI proxy) {
        return new ScriptedCall(start("stream", proxy));
    }

    @Override
    public JsonNode call(URI proxy) {
        try (ClientProcess process = start("call", proxy)) {
            JsonNode result = Json.parse(process.nextLine().orElseThrow());
            if (process.awaitExit() == 0) {
                return result;
            }
            throw new RaisedError(
                    result.get("type").asText(), result.get("status").asInt(), result.get("error"));
        }
    }

    private ClientProcess start(String mode, URI proxy) {
        return ClientProcess.start(NodeModules.installed(), List.of("node", script, mode, proxy.toString()));
    }

    @Override
    public String errorType(int status) {
        return status == 401 ? "AuthenticationError" : "RateLimitError";
    }

    @Override
    public String toString() {
        return "npm " + script.replace(".mjs", "");
    }

    /** A script that prints one event per line and listens for the word to cancel. */
    private static final class ScriptedCall implements StreamedCall {
        private static final String CANCELLED = "\"cancelled\"";

        private final ClientProcess process;

        ScriptedCall(ClientProcess process) {
            this.process = process;
        }

        @Override
        public Optional<JsonNode> next() {
            Optional<String> line = process.nextLine();
            if (line.isEmpty()) {
                assertThat(process.awaitExit()).as("exit code of Node").isZero();
            }
            return line.map(Json::parse);
        }

        /** The script stays after it, so that it is not its end that closes the connection. */
        @Override
        public void cancel() {
            process.say("cancel");
            Optional<String> line = process.nextLine();
            while (line.isPresent() && !line.get().equals(CANCELLED)) {
                line = process.nextLine();
            }
            assertThat(line)
                    .as("what the script says after events that were under way")
                    .contains(CANCELLED);
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
