package dev.aiproxy.launcher;

import dev.aiproxy.ForwardProxy;
import dev.aiproxy.ProxyException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Looks at a twin of the proxy: one in this process, with the same limits and times, in front of an upstream that is
 * built in. What cannot be seen from outside of a real AI server can be seen here, such as whether a call that is given
 * up ends there; and no token is spent. The twin has no TLS, no lock on its door, and is open to this machine alone.
 */
final class TwinDoctor {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration CANCELLED_IN_TIME = Duration.ofMillis(300);
    private static final String TWIN = "a twin with these settings, before a built-in server: ";

    private final Settings settings;
    private final Consumer<Finding> tell;

    /** @param tell takes the findings, in order */
    TwinDoctor(Settings settings, Consumer<Finding> tell) {
        this.settings = settings;
        this.tell = tell;
    }

    void examine() {
        try {
            stream();
            cancel();
        } catch (IOException | ProxyException e) {
            tell.accept(
                    Finding.fail("twin", TWIN + e.getMessage(), "please report it with what the verb version says"));
        }
    }

    private void stream() throws IOException {
        long start = System.nanoTime();
        try (DemoUpstream upstream = DemoUpstream.start();
                ForwardProxy twin = twin(upstream.uri());
                Socket client = connect(twin.address())) {
            long asked = System.nanoTime();
            HttpProbe answer = HttpProbe.ask(
                    client, HttpProbe.post("localhost", DemoUpstream.CHAT_PATH, List.of(), DemoCall.BODY));
            tell.accept(verdict(answer.events(asked)).since(start));
        }
    }

    private static Finding verdict(TokenTimes times) {
        int events = times.arrivals().size();
        // The end of the stream and its mark come right behind the last token.
        int tokens = Math.min(events, DemoModel.TOKENS.size());
        TokenTimes tokenTimes = new TokenTimes(times.arrivals().subList(0, tokens));
        String found = TWIN + tokens + " of " + DemoModel.TOKENS.size() + " tokens came";
        if (tokens < DemoModel.TOKENS.size()) {
            return Finding.fail("twin", found, "a time or a limit in the settings is far too small");
        }
        return tokenTimes.areSpaced(DemoUpstream.PACE)
                ? Finding.ok("twin", found + " one by one, as they were written")
                : Finding.warn("twin", found + ", but not evenly", "this machine is very busy; try again");
    }

    private void cancel() throws IOException {
        try (SilentUpstream upstream = SilentUpstream.start();
                ForwardProxy twin = twin(upstream.uri())) {
            try (Socket client = connect(twin.address())) {
                HttpProbe answer = HttpProbe.ask(client, HttpProbe.get("localhost", "/"));
                answer.body().read();
            }
            long left = System.nanoTime();
            Optional<Duration> ended = upstream.awaitEnd(left, PATIENCE);
            tell.accept(ended.map(TwinDoctor::cancelled)
                    .orElseGet(() -> Finding.fail(
                            "cancel",
                            TWIN + "it went on when the client had left",
                            "please report it with what the verb version says")));
        }
    }

    private static Finding cancelled(Duration after) {
        String found = TWIN + "the call ended there " + after.toMillis() + " ms after the client had left";
        return after.compareTo(CANCELLED_IN_TIME) > 0
                ? Finding.warn("cancel", found, "this machine is very busy; try again")
                : Finding.ok("cancel", found);
    }

    private ForwardProxy twin(URI upstream) {
        return ProxyAssembly.behaviour(settings)
                .target(upstream)
                .listen("127.0.0.1", 0)
                .build()
                .start();
    }

    private static Socket connect(InetSocketAddress address) throws IOException {
        Socket client = new Socket();
        client.connect(address, (int) PATIENCE.toMillis());
        client.setSoTimeout((int) PATIENCE.toMillis());
        return client;
    }
}
