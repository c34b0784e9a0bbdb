package dev.aiproxy.launcher;

import dev.aiproxy.ExchangeProgress;
import dev.aiproxy.ProxyStats;
import java.util.List;

/** What a {@link LiveView} looks at; asked by any thread. */
interface Watched {

    /** The exchanges in flight, oldest first. */
    List<ExchangeProgress> progress();

    ProxyStats stats();

    Settings settings();

    /** The AI server. */
    String targetText();

    /** Where clients reach the proxy, the best first. */
    List<String> baseUris();
}
