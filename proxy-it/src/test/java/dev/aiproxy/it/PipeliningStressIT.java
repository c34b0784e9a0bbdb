package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aiproxy.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests sent before the answers to earlier ones, while the proxy looks after whether the client is still there. */
@ParameterizedClass
@EnumSource(names = {"TCP", "TLS"})
final class PipeliningStressIT {
    private static final int CONNECTIONS = 4;
    private static final int REQUESTS_EACH = 1_250;
    private static final int DEPTH = 3;
    private static final int MOST_NANOS_BETWEEN = 400_000;
    private static final int LONGEST_MINUTES = 2;

    /** One in so many is answered so late that the look-out for a leaving client has begun. */
    private static final int SLOW_EVERY = 40;

    @RegisterExtension
    final ProxyExtension proxy = new ProxyExtension();

    PipeliningStressIT(Transport transport) {
        transport.of(proxy);
    }

    @Test
    void losesReordersAndRepeatsNothingInFiveThousandRequests() throws Exception {
        proxy.upstream().answer(request -> answer(request.target()));
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int connection = 0; connection < CONNECTIONS; connection++) {
            running.addAll(new Pipeline(connection, proxy.connect()).start());
        }

        for (CompletableFuture<Void> one : running) {
            one.get(LONGEST_MINUTES, TimeUnit.MINUTES);
        }

        proxy.listener().awaitEnd(CONNECTIONS * REQUESTS_EACH);
        assertThat(proxy.listener().ends()).allMatch(end -> end.outcome() == Outcome.COMPLETED);
        assertUpstreamGotEachOnceInOrder();
    }

    private static Script answer(String target) {
        int number = Integer.parseInt(target.substring(target.lastIndexOf('/') + 1));
        Script echo = Answers.json(200, "{\"answers\":\"" + target + "\"}");
        if (number % SLOW_EVERY != 0) {
            return echo;
        }
        long millis = 40 + new Random(target.hashCode()).nextInt(80);
        return Script.of(new Step.ReadBody(), new Step.Pause(Duration.ofMillis(millis)))
                .then(echo.steps());
    }

    private void assertUpstreamGotEachOnceInOrder() {
        List<RecordedRequest> requests = proxy.upstream().requests();
        for (int connection = 0; connection < CONNECTIONS; connection++) {
            String prefix = "/" + connection + "/";
            List<RecordedRequest> own = requests.stream()
                    .filter(request -> request.target().startsWith(prefix))
                    .toList();
            assertThat(own).hasSize(REQUESTS_EACH);
            for (int number = 0; number < REQUESTS_EACH; number++) {
                assertThat(own.get(number).target()).isEqualTo(prefix + number);
                assertThat(own.get(number).body()).isEqualTo(number % 2 == 0 ? "" : bodyOf(prefix + number));
            }
        }
    }

    private static String bodyOf(String target) {
        return "{\"asks\":\"" + target + "\"}";
    }

    /** One connection: a thread that writes, one that reads, never more than three requests apart. */
    private final class Pipeline {
        private final int connection;
        private final RawClient client;
        private final Semaphore room = new Semaphore(DEPTH);
        private final Random random;

        Pipeline(int connection, RawClient client) {
            this.connection = connection;
            this.client = client;
            this.random = new Random(connection);
        }

        List<CompletableFuture<Void>> start() {
            return List.of(Background.run(this::write), Background.run(this::read));
        }

        private void write() throws IOException, InterruptedException {
            for (int number = 0; number < REQUESTS_EACH; number++) {
                if (!room.tryAcquire(Eventually.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new AssertionError("no answer to one of the " + DEPTH + " before " + target(number));
                }
                send(number % 2 == 0 ? get(target(number)) : proxy.postRequest(target(number), bodyOf(target(number))));
            }
        }

        /** Now and then in two pieces, so that a head arrives while the watch holds its first byte. */
        private void send(String request) throws IOException {
            LockSupport.parkNanos(random.nextInt(MOST_NANOS_BETWEEN));
            int cut = random.nextInt(4) == 0 ? 1 + random.nextInt(request.length() - 1) : request.length();
            client.send(request.substring(0, cut));
            if (cut < request.length()) {
                LockSupport.parkNanos(random.nextInt(MOST_NANOS_BETWEEN));
                client.send(request.substring(cut));
            }
        }

        private String get(String target) {
            return proxy.getRequest(target);
        }

        private String target(int number) {
            return "/" + connection + "/" + number;
        }

        private void read() throws IOException {
            for (int number = 0; number < REQUESTS_EACH; number++) {
                RawResponse response = client.readResponse();
                assertThat(response.text()).isEqualTo("{\"answers\":\"" + target(number) + "\"}");
                room.release();
            }
        }
    }
}
