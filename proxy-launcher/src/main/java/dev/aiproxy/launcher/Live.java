package dev.aiproxy.launcher;

import dev.aiproxy.ExchangeListener;
import dev.aiproxy.launcher.admin.AdminAnswer;
import dev.aiproxy.launcher.admin.AdminPage;
import java.util.List;
import java.util.stream.Stream;

/** What the admin port shows of the traffic while it goes on: the page, its feed, and the same as JSON and as text. */
final class Live implements AutoCloseable {

    private final LiveView view = new LiveView();

    /** To be told of the traffic. */
    ExchangeListener listener() {
        return view;
    }

    /**
     * Looks at a proxy that runs, from now on.
     *
     * @return what there is to be seen of it
     */
    List<AdminPage> start(Watched proxy) {
        LiveFeed feed = new LiveFeed(() -> view.snapshot(proxy), LiveFeed.PATIENCE);
        view.start(proxy, feed::publish);
        return Stream.concat(
                        LivePage.all().stream(),
                        Stream.of(
                                feed,
                                new TopPage(() -> view.snapshot(proxy)),
                                AdminPage.of(
                                        "/live.json",
                                        () -> AdminAnswer.json(
                                                200,
                                                LiveJson.of(view.snapshot(proxy))
                                                        .toString()))))
                .toList();
    }

    /** Looks no more. */
    @Override
    public void close() {
        view.close();
    }
}
