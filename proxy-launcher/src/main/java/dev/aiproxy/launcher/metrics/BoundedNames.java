package dev.aiproxy.launcher.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps others from choosing how many time series there are: the first so many names count by themselves, all further ones
 * together. For any threads.
 */
final class BoundedNames {

    static final String OTHER = "other";

    private final int most;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    BoundedNames(int most) {
        this.most = most;
    }

    /** The name, or {@link #OTHER}; the same for ever. */
    String of(String name) {
        if (known.contains(name)) {
            return name;
        }
        synchronized (known) {
            if (known.size() < most) {
                known.add(name);
            }
            return known.contains(name) ? name : OTHER;
        }
    }
}
