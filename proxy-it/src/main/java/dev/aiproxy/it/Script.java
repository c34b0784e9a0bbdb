package dev.aiproxy.it;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What an upstream does with one request, or with one connection before its first.
 *
 * <p>When a script is through, the rest of the request body is read and the connection waits for the next request.
 *
 * @param steps in order
 */
public record Script(List<Step> steps) {

    /** Copies the steps. */
    public Script {
        steps = List.copyOf(steps);
    }

    /** These steps, in this order. */
    public static Script of(Step... steps) {
        return new Script(List.of(steps));
    }

    /** This script and then these steps. */
    public Script then(Step... more) {
        return then(List.of(more));
    }

    /** This script and then these steps. */
    public Script then(Collection<Step> more) {
        List<Step> all = new ArrayList<>(steps);
        all.addAll(more);
        return new Script(all);
    }
}
