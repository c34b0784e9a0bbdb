package dev.aiproxy.launcher;

import dev.aiproxy.launcher.admin.AdminAnswer;
import dev.aiproxy.launcher.admin.AdminPage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * {@code /live/events}: an event a second to each of a few who watch, with what has changed since the one before; the
 * first one has it all. Nothing is made as long as nobody watches, and one text serves all who do.
 *
 * <p>Nobody is waited for: who has not taken an event when the next is due misses it and gets the whole at his next
 * one, and who takes none for longer than the feed has patience is dropped.
 */
final class LiveFeed implements AdminPage {

    static final String PATH = "/live/events";
    static final int MOST_WATCHERS = 16;

    /** With one who does not take his events. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String RETRY = "retry: 1000\n";

    private final Supplier<LiveSnapshot> snapshots;
    private final Duration patience;
    private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
    private LiveJson last = LiveJson.NOTHING;

    LiveFeed(Supplier<LiveSnapshot> snapshots, Duration patience) {
        this.snapshots = snapshots;
        this.patience = patience;
    }

    @Override
    public boolean isAt(String path) {
        return path.equals(PATH);
    }

    @Override
    public void answer(Request request, Response response, Callback callback) {
        Watcher watcher = new Watcher(request, response, callback);
        if (!join(watcher)) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, "5");
            AdminAnswer.text(503, "there are " + MOST_WATCHERS + " watchers already")
                    .send(response, callback);
            return;
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream; charset=utf-8");
        if (HttpMethod.HEAD.is(request.getMethod())) {
            watcher.leave();
            return;
        }
        begin(watcher);
    }

    private void begin(Watcher watcher) {
        try {
            watcher.tell(bytes(RETRY + event(LiveJson.of(snapshots.get()).toString())));
        } catch (RuntimeException | LinkageError e) {
            // Else its place would be taken for good.
            watcher.isLeaving();
            throw e;
        }
    }

    private synchronized boolean join(Watcher watcher) {
        return watchers.size() < MOST_WATCHERS && watchers.add(watcher);
    }

    /** A second has passed. For one thread. */
    void publish() {
        if (watchers.isEmpty()) {
            last = LiveJson.NOTHING;
            return;
        }
        LiveJson now = LiveJson.of(snapshots.get());
        ByteBuffer changes = bytes(event(now.since(last)));
        ByteBuffer all = bytes(event(now.toString()));
        last = now;
        watchers.forEach(watcher -> watcher.tell(changes, all));
    }

    private static String event(String data) {
        return "data: " + data + "\n\n";
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();
    }

    private final class Watcher {

        private final Request request;
        private final Response response;
        private final Callback callback;
        private boolean needsAll = true;
        /** From the beginning, so that whoever publishes waits for the first event, which is being made. */
        private boolean isWriting = true;

        private boolean isOver;
        private long writingSince = System.nanoTime();

        Watcher(Request request, Response response, Callback callback) {
            this.request = request;
            this.response = response;
            this.callback = callback;
        }

        synchronized void tell(ByteBuffer changes, ByteBuffer all) {
            if (isWriting) {
                needsAll = true;
                if (System.nanoTime() - writingSince > patience.toNanos()) {
                    drop();
                }
                return;
            }
            ByteBuffer next = needsAll ? all : changes;
            needsAll = false;
            tell(next);
        }

        synchronized void tell(ByteBuffer event) {
            if (!isOver) {
                isWriting = true;
                writingSince = System.nanoTime();
                response.write(false, event.duplicate(), Callback.from(this::written, this::failed));
            }
        }

        private synchronized void written() {
            isWriting = false;
        }

        private void failed(Throwable failure) {
            if (isLeaving()) {
                callback.failed(failure);
            }
        }

        /** In order, before anything was told. */
        void leave() {
            if (isLeaving()) {
                callback.succeeded();
            }
        }

        private synchronized boolean isLeaving() {
            watchers.remove(this);
            boolean isFirst = !isOver;
            isOver = true;
            return isFirst;
        }

        /** Closing the connection fails the write that hangs, and with it the exchange. */
        void drop() {
            watchers.remove(this);
            request.getConnectionMetaData().getConnection().getEndPoint().close();
            failed(new IllegalStateException("dropped"));
        }
    }
}
