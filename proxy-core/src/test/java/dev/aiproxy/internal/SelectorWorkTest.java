package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Promise;
import org.junit.jupiter.api.Test;

final class SelectorWorkTest {

    private final ServerConnector connector = new ServerConnector(new Server());
    private final ManagedSelector selector = new ManagedSelector(connector.getSelectorManager(), 0);
    private final ManagedSelector another = new ManagedSelector(connector.getSelectorManager(), 1);
    private final List<String> done = new ArrayList<>();

    private void runTask(Runnable task) {
        new SelectorWork.Task(task, selector).run();
    }

    @Test
    void doesWhatFollowsBehindTheTask() {
        runTask(() -> {
            assertThat(SelectorWork.next(selector, () -> {
                        done.add("first");
                        assertThat(SelectorWork.next(selector, () -> done.add("second")))
                                .isTrue();
                        done.add("first, end");
                    }))
                    .isTrue();
            done.add("task");
        });

        assertThat(done).containsExactly("task", "first", "first, end", "second");
    }

    @Test
    void takesNothingForAnotherSelectorNorOutsideOfATask() {
        runTask(() ->
                assertThat(SelectorWork.next(another, () -> done.add("lost"))).isFalse());

        assertThat(SelectorWork.next(selector, () -> done.add("lost"))).isFalse();
        assertThat(done).isEmpty();
    }

    @Test
    void doesWhatFollowsWhateverIsThrown() {
        assertThatThrownBy(() -> runTask(() -> {
                    SelectorWork.next(selector, () -> {
                        throw new AssertionError("of the first");
                    });
                    SelectorWork.next(selector, () -> done.add("second"));
                    throw new IllegalStateException("of the task");
                }))
                .hasMessage("of the task");

        assertThat(done).containsExactly("second");
        assertThat(SelectorWork.next(selector, () -> done.add("lost"))).isFalse();
    }

    @Test
    void keepsTheSelectorThatSomethingWasAskedFor() throws InterruptedException {
        AtomicReference<Promise<String>> asked = new AtomicReference<>();
        AtomicReference<ManagedSelector> answered = new AtomicReference<>();
        runTask(() -> asked.set(SelectorWork.keepingSelector(
                Promise.from(answer -> answered.set(SelectorWork.selector()), Throwable::printStackTrace))));

        Thread elsewhere = new Thread(() -> asked.get().succeeded("answer"));
        elsewhere.start();
        elsewhere.join();

        assertThat(answered).hasValue(selector);
        assertThat(SelectorWork.selector()).isNull();
    }
}
