package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The news that a connection has ended may overtake the news that a request was written on it. Neither order is a reason
 * to send a paid request again.
 */
final class ReplayRaceIT {
    private static final int CLIENTS = 8;
    private static final int ROUNDS = 12;

    /** More would only take longer. */
    private static final int ENOUGH = 5;

    private final ConcurrentLinkedQueue<String> unanswered = new ConcurrentLinkedQueue<>();

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    @Test
    void repeatsNoPostThatTheUpstreamReadsInFullAndThenDrops() throws Exception {
        proxy.upstream()
                .answer(request -> request.target().startsWith("/paid")
                        ? Script.of(new Step.ReadBody(), new Step.Fin())
                        : Answers.ok());
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int number = 0; number < CLIENTS; number++) {
            String prefix = "/paid/" + number + "/";
            RawClient client = proxy.connect();
            running.add(Background.run(() -> payOverAndOver(client, prefix)));
        }

        for (CompletableFuture<Void> one : running) {
            one.get(1, TimeUnit.MINUTES);
        }

        System.out.printf(
                "dropped POSTs: %d, read twice: %d, unanswered: %d, sent again: %d%n",
                CLIENTS * ROUNDS,
                paidMoreThanOnce().size(),
                unanswered.size(),
                proxy.proxy().stats().replays());
        assertThat(paidMoreThanOnce())
                .as("POSTs that the upstream has read more than once")
                .isEmpty();
        assertThat(unanswered).as("requests without an answer").isEmpty();
    }

    private void payOverAndOver(RawClient first, String prefix) throws IOException {
        RawClient client = first;
        for (int round = 0; round < ROUNDS && unanswered.size() < ENOUGH; round++) {
            try {
                assertThat(client.send(proxy.getRequest("/warm")).readResponse().status())
                        .isEqualTo(200);
                assertThat(client.send(proxy.postRequest(prefix + round, "{}"))
                                .readResponse()
                                .status())
                        .isEqualTo(502);
            } catch (IOException | AssertionError failure) {
                unanswered.add(prefix + round + ": " + failure.getMessage());
                client.close();
                client = RawClient.connect(proxy.proxy().address());
            }
        }
        client.close();
    }

    private List<String> paidMoreThanOnce() {
        Map<String, Long> times = proxy.upstream().requests().stream()
                .filter(request -> request.target().startsWith("/paid") && request.isComplete())
                .collect(Collectors.groupingBy(RecordedRequest::target, Collectors.counting()));
        return times.entrySet().stream()
                .filter(entry -> entry.getValue() > 1)
                .map(Map.Entry::toString)
                .toList();
    }
}
