package dev.aiproxy.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One streamed call, as a client of the proxy makes it, that shows each token when it comes. */
final class DemoCall {

    static final String BODY = """
            {"model":"demo","stream":true,"messages":[{"role":"user","content":"Hello"}]}""";

    private static final Pattern CONTENT = Pattern.compile("^data: .*\"content\":\"([^\"]*)\"");
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final PrintStream out;

    DemoCall(PrintStream out) {
        this.out = out;
    }

    /**
     * Makes the call.
     *
     * @param proxy where the proxy listens
     * @return whether all of the answer came, token by token
     */
    boolean make(URI proxy) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(proxy.resolve(DemoUpstream.CHAT_PATH))
                .timeout(LONGEST)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(BODY))
                .build();
        long start = System.nanoTime();
        HttpResponse<Stream<String>> response = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(request, HttpResponse.BodyHandlers.ofLines());
        List<Duration> arrivals = new ArrayList<>();
        try (Stream<String> lines = response.body()) {
            lines.map(CONTENT::matcher).filter(Matcher::find).forEach(token -> {
                Duration arrival = Duration.ofNanos(System.nanoTime() - start);
                arrivals.add(arrival);
                out.println("+%5d ms  %s"
                        .formatted(arrival.toMillis(), token.group(1).strip()));
            });
        }
        return verdict(response.statusCode(), new TokenTimes(arrivals));
    }

    private boolean verdict(int status, TokenTimes times) {
        int tokens = times.arrivals().size();
        if (tokens != DemoModel.TOKENS.size()) {
            out.println("%d of %d tokens came (status %d): the call failed"
                    .formatted(tokens, DemoModel.TOKENS.size(), status));
            return false;
        }
        long span = times.last().minus(times.first()).toMillis();
        if (!times.areSpaced(DemoUpstream.PACE)) {
            out.println("%d tokens came clumped, over %d ms: something held them back".formatted(tokens, span));
            return false;
        }
        out.println("%d tokens came one by one, over %d ms, as they were written".formatted(tokens, span));
        return true;
    }
}
