package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.junit.jupiter.api.Test;

final class RequestBodyTest {

    private final Deque<Content.Chunk> arrived = new ArrayDeque<>();
    private Runnable demand = () -> {};

    @Test
    void goesOnThrowingAwayWhenTheUpstreamAsksForMoreTooLate() {
        RequestBody body = new RequestBody(request(), null, false, 0);
        org.eclipse.jetty.client.Request.Content toUpstream = body.newAttempt();
        assertThat(toUpstream.read()).isNull();
        AtomicBoolean isDone = new AtomicBoolean();
        body.drain(() -> isDone.set(true));

        toUpstream.demand(() -> {
            throw new AssertionError("nothing is left for the upstream");
        });
        arrived.add(Content.Chunk.EOF);
        demand.run();

        assertThat(isDone).isTrue();
    }

    @Test
    void leavesToTheClientWhatTheUpstreamDoesNotTake() {
        RequestBody body = new RequestBody(request(), null, false, 0);
        org.eclipse.jetty.client.Request.Content toUpstream = body.newAttempt(() -> true);
        arrived.add(Content.Chunk.EOF);

        toUpstream.demand(() -> {
            throw new AssertionError("nothing more can be sent");
        });

        assertThat(toUpstream.read()).isNull();
        assertThat(arrived).hasSize(1);
    }

    private Request request() {
        return (Request) Proxy.newProxyInstance(
                RequestBodyTest.class.getClassLoader(),
                new Class<?>[] {Request.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "read" -> arrived.poll();
                    case "getLength" -> -1L;
                    case "demand" -> {
                        demand = (Runnable) arguments[0];
                        yield null;
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
