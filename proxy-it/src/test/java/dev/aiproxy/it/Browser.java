package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A real Chromium without a window, with one page open at a time. For one thread. */
final class Browser implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/chromium");

    private final ClientProcess process;

    private Browser(ClientProcess process) {
        this.process = process;
    }

    /** Starts it; where there is none, the test that asks is shown as skipped. */
    static Browser start() {
        assumeTrue(Files.isExecutable(PROGRAM), "there is no " + PROGRAM);
        return new Browser(
                ClientProcess.start(NodeModules.installed(), List.of("node", "browser.mjs", PROGRAM.toString())));
    }

    /** How a page is looked at. */
    record Look(int width, int height, String scheme, boolean isExample) {
        static final Look DESKTOP = new Look(1280, 900, "light", false);
        static final Look DARK = new Look(1280, 900, "dark", false);
        static final Look PHONE = new Look(360, 740, "light", false);

        /** The same with facts that were made up, as high as a picture of them is to be. */
        Look ofExample(int pictureHeight) {
            return new Look(width, pictureHeight, scheme, true);
        }
    }

    /** Opens a page instead of the one before. */
    void open(URI uri, Look look) {
        ObjectNode command = command("open");
        command.put("url", uri.toString());
        command.put("width", look.width()).put("height", look.height()).put("scheme", look.scheme());
        command.put("example", look.isExample());
        ask(command);
    }

    /** What an expression is in the page. */
    JsonNode evaluate(String script) {
        return ask(command("evaluate").put("script", script));
    }

    /** The text of the first element that a selector finds. */
    String text(String selector) {
        return evaluate("document.querySelector(" + quoted(selector) + ").textContent")
                .asText();
    }

    /** The texts of all of them. */
    List<String> texts(String selector) {
        JsonNode found = evaluate(
                "[...document.querySelectorAll(" + quoted(selector) + ")].map((element) => element.textContent)");
        return found.valueStream().map(JsonNode::asText).toList();
    }

    /** Waits until an expression is true in the page. */
    void await(String script) {
        ask(command("await").put("script", script));
    }

    /** Waits until an element has this text. */
    void awaitText(String selector, String text) {
        await("document.querySelector(" + quoted(selector) + ")?.textContent === " + quoted(text));
    }

    /** Types into a field in place of what was there. */
    void fill(String selector, String text) {
        ask(command("fill").put("selector", selector).put("text", text));
    }

    void click(String selector) {
        ask(command("click").put("selector", selector));
    }

    /** Presses a key, and tells what has the focus then. */
    String press(String key) {
        return ask(command("press").put("key", key)).asText();
    }

    void screenshot(Path file, boolean isWhole) {
        ask(command("screenshot").put("path", file.toAbsolutePath().toString()).put("fullPage", isWhole));
    }

    /** What the page was not allowed to do, what it failed at, and whom else it asked. */
    List<String> problems() {
        return ask(command("problems")).valueStream().map(JsonNode::asText).toList();
    }

    private static ObjectNode command(String name) {
        return JsonNodeFactory.instance.objectNode().put("do", name);
    }

    private static String quoted(String text) {
        return JsonNodeFactory.instance.textNode(text).toString();
    }

    private JsonNode ask(ObjectNode command) {
        process.say(command.toString());
        Optional<String> line = process.nextLine();
        assertThat(line).as("an answer of the browser to %s", command).isPresent();
        JsonNode answer = Json.parse(line.get());
        assertThat(answer.path("error").asText(""))
                .as("what fails of %s", command)
                .isEmpty();
        return answer.get("value");
    }

    /** Chromium ends by itself when its driver does. */
    @Override
    public void close() {
        process.close();
    }
}
