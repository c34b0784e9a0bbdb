package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.ForwardProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Plays cases, one after another, through two proxies in front of one strict upstream. For one thread. */
final class FuzzRun implements AutoCloseable {
    private static final int ORDINARY_EVERY = 8;
    private static final Duration SILENCE = Duration.ofSeconds(2);
    private static final Pattern STATUS = Pattern.compile("^HTTP/1\\.1 ([0-9]{3}) ");
    private static final Pattern PROXY_ERROR = Pattern.compile("\\{\"error\":\\{.*\"type\":\"proxy_error\".*");

    private final FuzzWatch watch;
    private final FuzzUpstream upstream;
    private final FuzzWatch.Account patientAccount;
    private final FuzzWatch.Account strictAccount;
    private final ForwardProxy patient;
    private final ForwardProxy strict;
    private final Map<String, Long> endings = new TreeMap<>();

    private FuzzRun(FuzzWatch watch, FuzzUpstream upstream) {
        this.watch = watch;
        this.upstream = upstream;
        this.patientAccount = watch.new Account();
        this.strictAccount = watch.new Account();
        this.patient = proxy(patientAccount, true);
        this.strict = proxy(strictAccount, false);
    }

    /** Starts an upstream and its proxies; the watch is not closed with them. */
    static FuzzRun start(FuzzWatch watch) throws IOException {
        FuzzRun run = new FuzzRun(watch, FuzzUpstream.start());
        run.patient.start();
        run.strict.start();
        return run;
    }

    private ForwardProxy proxy(FuzzWatch.Account account, boolean allowHalfClose) {
        return ForwardProxy.builder()
                .target(upstream.uri())
                .listen("127.0.0.1", 0)
                .connectTimeout(Duration.ofSeconds(2))
                .firstByteTimeout(Duration.ofSeconds(2))
                .streamIdleTimeout(SILENCE)
                .clientIdleTimeout(SILENCE)
                .headerTimeout(SILENCE)
                .drainTimeout(Duration.ofMillis(100))
                .allowHalfClose(allowHalfClose)
                .listener(account)
                .build();
    }

    /** How often the client was told or saw what. */
    Map<String, Long> endings() {
        return endings;
    }

    /** Plays one case and checks everything that holds for all. */
    void play(FuzzCase played) throws IOException {
        ForwardProxy proxy = played.allowsHalfClose() ? patient : strict;
        FuzzWatch.Account account = played.allowsHalfClose() ? patientAccount : strictAccount;
        upstream.play(played);

        Seen seen = converse(proxy, played);

        Eventually.await("every exchange to end", () -> proxy.inFlight().isEmpty() && account.isBalanced());
        Eventually.await("the upstream to have sent its answer", () -> !upstream.isPlaying());
        assertThat(seen.wire()).as("the client was told").doesNotContain("\"code\":\"proxy_error\"");
        if (played.isResponse()) {
            assertAnswered(played, seen);
        } else {
            assertThat(seen.wire()).as("the client was told").doesNotContain("HTTP/1.1 500");
            assertServed(played, seen);
        }
        if (played.isResponse() || played.number() % ORDINARY_EVERY == 0) {
            assertServesOthers(proxy, played);
        }
        assertThat(upstream.takeViolations()).as("what the upstream was sent").isEmpty();
        assertThat(account.takeMistakes()).as("mistakes of exchanges").isEmpty();
        assertThat(watch.takeComplaints())
                .as("logged or died, in this case or beside it")
                .isEmpty();
        endings.merge(seen.summary(played), 1L, Long::sum);
    }

    private Seen converse(ForwardProxy proxy, FuzzCase played) throws IOException {
        try (RawClient client = RawClient.connectSmall(proxy.address())) {
            send(client, played.request());
            switch (played.requestEnd()) {
                case HALF_CLOSE -> halfClose(client);
                case FIN -> client.fin();
                case RST -> client.reset();
                case STAY -> assertThat(client.localPort()).isPositive();
            }
            boolean isOver = played.requestEnd() == FuzzCase.End.FIN || played.requestEnd() == FuzzCase.End.RST;
            return isOver ? new Seen("", false) : readAll(client);
        }
    }

    private void send(RawClient client, List<String> pieces) {
        try {
            String all = String.join("", pieces).replace(FuzzCorpus.AUTHORITY, upstream.authority());
            int at = 0;
            for (String piece : pieces.subList(0, pieces.size() - 1)) {
                int end = Math.min(all.length(), at + piece.length());
                client.send(all.substring(at, end));
                at = end;
            }
            client.send(all.substring(at));
        } catch (IOException closed) {
            // It has heard enough; what it said can still be read.
            return;
        }
    }

    private static void halfClose(RawClient client) {
        try {
            client.halfClose();
        } catch (IOException closed) {
            return;
        }
    }

    private static Seen readAll(RawClient client) {
        StringBuilder wire = new StringBuilder();
        try {
            for (byte[] piece = client.readSome(); piece.length > 0; piece = client.readSome()) {
                wire.append(new String(piece, StandardCharsets.ISO_8859_1));
            }
            return new Seen(wire.toString(), false);
        } catch (IOException reset) {
            return new Seen(wire.toString(), true);
        }
    }

    /** What is valid is served, if the client stays to see it. */
    private static void assertServed(FuzzCase played, Seen seen) {
        boolean staysToSee = played.allowsHalfClose() && played.requestEnd() == FuzzCase.End.HALF_CLOSE;
        if (!played.isMutated() && staysToSee) {
            assertThat(seen.wire()).startsWith("HTTP/1.1 ").contains("HTTP/1.1 200 OK");
        }
    }

    /** Whatever the upstream did, the client gets the same, or an error of the proxy's, or less than a whole answer. */
    private static void assertAnswered(FuzzCase played, Seen seen) {
        Optional<StrictResponse> got = StrictResponse.of(seen.wire(), played.method(), seen.isReset());
        if (got.filter(FuzzRun::isProxyError).isPresent()) {
            assertThat(played.isMutated() || played.responseEnd() != FuzzCase.End.FIN)
                    .isTrue();
            return;
        }
        Optional<StrictResponse> sent = sent(played);
        if (sent.isEmpty()) {
            String all = String.join("", played.response());
            assertThat(got.filter(response -> !isProxyError(response) && !all.contains("" + response.status())))
                    .as("an answer that was never sent, in %s", FuzzCase.escaped(List.of(seen.wire())))
                    .isEmpty();
            return;
        }
        boolean isGotWhole = got.filter(StrictResponse::isWhole).isPresent();
        switch (sent.get().end()) {
            case CUT ->
                assertThat(isGotWhole)
                        .as("a whole answer, of one that was cut: %s", got)
                        .isFalse();
            case CUT_WITHIN_TRAILERS ->
                assertThat(isGotWhole ? got.get().body() : sent.get().body())
                        .as("the body of an answer whose trailers were cut")
                        .isEqualTo(sent.get().body());
            case WHOLE ->
                assertThat(played.responseEnd() == FuzzCase.End.FIN ? got : sent)
                        .as("the answer")
                        .isEqualTo(sent);
        }
    }

    /** To HEAD there is no body that could tell. */
    private static boolean isProxyError(StrictResponse response) {
        boolean isTold = response.body().isEmpty()
                || PROXY_ERROR.matcher(response.body()).matches();
        return isTold && (response.status() == 502 || response.status() == 504);
    }

    /** The response as it was sent, if it leaves no doubt. */
    private static Optional<StrictResponse> sent(FuzzCase played) {
        try {
            boolean isCut = played.responseEnd() != FuzzCase.End.FIN;
            return StrictResponse.of(String.join("", played.response()), played.method(), isCut);
        } catch (AssertionError doubtful) {
            return Optional.empty();
        }
    }

    /**
     * An ordinary request is answered, with what is its own. Behind an answer that leaves doubts, on a connection that
     * stays open, it may find what was left of that and be told so; but only one is.
     */
    private void assertServesOthers(ForwardProxy proxy, FuzzCase played) throws IOException {
        boolean mayFindLeftovers = played.responseEnd() == FuzzCase.End.STAY
                && played.isResponse()
                && sent(played).filter(StrictResponse::isWhole).isEmpty();
        RawResponse first = ordinaryAnswer(proxy, played.number());
        if (mayFindLeftovers && first.status() == 502) {
            endings.merge("next request: 502", 1L, Long::sum);
            assertOrdinary(ordinaryAnswer(proxy, played.number()), played.number());
            return;
        }
        assertOrdinary(first, played.number());
    }

    private static RawResponse ordinaryAnswer(ForwardProxy proxy, long number) throws IOException {
        try (RawClient client = RawClient.connectSmall(proxy.address())) {
            String head = "POST /ordinary/" + number + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n";
            return client.send(head + "{}").readResponse();
        }
    }

    private static void assertOrdinary(RawResponse response, long number) {
        assertThat(response.status())
                .as("the answer to an ordinary request: %s", response)
                .isEqualTo(200);
        assertThat(response.text())
                .as("the answer to an ordinary request")
                .isEqualTo(FuzzUpstream.bodyFor("/ordinary/" + number));
    }

    @Override
    public void close() throws IOException {
        patient.close();
        strict.close();
        upstream.close();
    }

    /**
     * What the client saw.
     *
     * @param wire everything
     * @param isReset whether its connection ended with a reset
     */
    private record Seen(String wire, boolean isReset) {

        String summary(FuzzCase played) {
            Matcher status = STATUS.matcher(wire);
            String side = played.isResponse() ? "response" : "request";
            if (played.requestEnd() == FuzzCase.End.FIN || played.requestEnd() == FuzzCase.End.RST) {
                return side + ": client left";
            }
            return side + ": " + (status.find() ? status.group(1) : "closed") + (isReset ? ", reset" : "");
        }
    }
}
