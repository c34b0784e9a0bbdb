package dev.aiproxy.it;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** A proxy with an admin port, and streams of a chat through it that go on until they are told. */
final class LiveTraffic implements AutoCloseable {
    static final String WICKED = "<img src=x onerror=alert(1)>";

    private static final String DONE = "data: [DONE]\n\n";

    private final ScriptedUpstream upstream = ScriptedUpstream.plain();
    private final List<RawClient> clients = new ArrayList<>();
    private final Path home;
    private LauncherProcess launcher;
    private InetSocketAddress address;

    private LiveTraffic(Path home) {
        this.home = home;
    }

    static LiveTraffic start(Path home, String... more) throws IOException {
        LiveTraffic traffic = new LiveTraffic(home);
        traffic.run(0, more);
        return traffic;
    }

    private void run(int adminPort, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--admin-port", String.valueOf(adminPort)));
        arguments.addAll(List.of(more));
        launcher = LauncherProcess.forwarding(home, upstream.port(), arguments.toArray(String[]::new));
        address = launcher.awaitAddress();
        Eventually.await(
                "the admin port", Duration.ofSeconds(10), () -> adminPort().isPresent());
    }

    /** Where the page is. */
    URI page() {
        return URI.create("http://127.0.0.1:" + adminPort().orElseThrow() + "/");
    }

    InetSocketAddress address() {
        return address;
    }

    Path home() {
        return home;
    }

    private Optional<Integer> adminPort() {
        try {
            Properties state = new Properties();
            state.load(new StringReader(Files.readString(home.resolve("proxy.state"))));
            return Optional.ofNullable(state.getProperty("adminPort")).map(Integer::valueOf);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A piece of a chat's answer. */
    static String token(String model) {
        return "data: {\"model\":\"" + model + "\",\"choices\":[{\"delta\":{\"content\":\"t\"}}]}\n\n";
    }

    private static Script tokens(String model, int count) {
        Script script = Answers.eventHead();
        for (int number = 0; number < count; number++) {
            script = script.then(Step.chunk(token(model)));
        }
        return script;
    }

    private static Step[] whole() {
        return new Step[] {Step.chunk(DONE), Step.lastChunk()};
    }

    /** A stream that is over with its last event. */
    void completed(String model, int tokens) throws IOException {
        int before = toldEnds();
        upstream.enqueue(tokens(model, tokens).then(whole()));
        ask("/v1/chat/completions").readResponse();
        awaitTold(before);
    }

    /** One that the AI server breaks off. */
    void cut(String model, int tokens) throws IOException {
        int before = toldEnds();
        upstream.enqueue(tokens(model, tokens).then(new Step.Fin()));
        ask("/v1/chat/completions").readToEnd();
        awaitTold(before);
    }

    /** One that ends in order but without its last event. */
    void unfinished(String model, int tokens) throws IOException {
        int before = toldEnds();
        upstream.enqueue(tokens(model, tokens).then(Step.lastChunk()));
        ask("/v1/chat/completions").readResponse();
        awaitTold(before);
    }

    /** One whose client leaves after its last token. */
    void left(String model, int tokens) throws IOException {
        upstream.enqueue(tokens(model, tokens).then(new Step.Never()));
        RawClient client = ask("/v1/chat/completions");
        client.readHead();
        for (int number = 0; number < tokens; number++) {
            client.readChunk();
        }
        client.close();
    }

    /** One that stays in flight after so many tokens, and ends in order when the gate is opened. */
    void inFlight(String path, String model, int tokens, Gate end) throws IOException {
        upstream.enqueue(tokens(model, tokens).then(Step.await(end)).then(whole()));
        RawClient client = ask(path);
        client.readHead();
        for (int number = 0; number < tokens; number++) {
            client.readChunk();
        }
    }

    /** Many at once, each with a token a second; nobody reads them, for so little fits into any buffer. */
    void crowd(int count) throws IOException {
        Script script = tokens("crowd", 1);
        for (int second = 0; second < 120; second++) {
            script = script.then(new Step.Pause(Duration.ofSeconds(1)), Step.chunk(token("crowd")));
        }
        Script endless = script;
        upstream.answer(request -> endless);
        for (int number = 0; number < count; number++) {
            RawClient client = RawClient.connectSmall(address);
            clients.add(client);
            client.send("GET /v1/crowd/" + number + " HTTP/1.1\r\nHost: x\r\n\r\n");
        }
    }

    /** A client sees the end of its stream before the proxy tells of it, and the end of the next could be told first. */
    private void awaitTold(int before) {
        Eventually.await("the end to be told", Duration.ofSeconds(10), () -> toldEnds() > before);
    }

    private int toldEnds() {
        Path log = home.resolve("logs/access.log");
        try {
            return Files.exists(log) ? Files.readAllLines(log).size() : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RawClient ask(String path) throws IOException {
        RawClient client = RawClient.connect(address);
        clients.add(client);
        return client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
    }

    /** The proxy's process is gone, without a word. */
    void kill() {
        launcher.close();
    }

    /** It is back, at the same admin port. */
    void runAgain() throws IOException {
        int port = adminPort().orElseThrow();
        run(port);
    }

    /** It is back, at another admin port. */
    void runAgainElsewhere() throws IOException {
        run(0);
    }

    /** Runs another verb of the jar in the same home, and returns what it has printed. */
    LauncherProcess verb(Map<String, String> environment, String... arguments) throws IOException {
        Path folder = Files.createTempDirectory(home, "verb");
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--home", home.toString()));
        return LauncherProcess.start(folder, environment, all.toArray(String[]::new));
    }

    @Override
    public void close() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        launcher.close();
        upstream.close();
    }
}
