package dev.aiproxy.it;

import dev.aiproxy.Outcome;
import java.util.Random;

/** What one exchange of the soak is about, and how it has to end; each is as frequent as its weight. */
enum SoakKind {
    /** A small question, a small answer. */
    JSON(20, Outcome.COMPLETED),
    /** Events with pauses between them. */
    STREAM(20, Outcome.COMPLETED),
    /** A quarter to a whole megabyte, answered with its length. */
    UPLOAD(6, Outcome.COMPLETED),
    /** Silent for so long that the proxy looks after the client. */
    SLOW(6, Outcome.COMPLETED),
    /** A small answer, after which the upstream closes the connection at some time. */
    CLOSING(10, Outcome.COMPLETED),
    /** A stream that the client leaves with a FIN. */
    LEAVE(8, Outcome.CLIENT_GONE),
    /** A stream that the client resets. */
    ABORT(8, Outcome.CLIENT_GONE),
    /** A stream that the upstream breaks off. */
    TORN(8, Outcome.UPSTREAM_CUT),
    /** A request that the upstream reads and then closes without a word. */
    SWALLOWED(4, Outcome.UPSTREAM_FAILED),
    /** A request that may not be forwarded. */
    BAD(6, Outcome.REFUSED);

    private final int weight;
    private final Outcome outcome;

    SoakKind(int weight, Outcome outcome) {
        this.weight = weight;
        this.outcome = outcome;
    }

    /** How the proxy has to log it. */
    Outcome outcome() {
        return outcome;
    }

    /** Whether the upstream gets to see it. */
    boolean isForwarded() {
        return this != BAD;
    }

    static SoakKind any(Random random) {
        int sum = 0;
        for (SoakKind kind : values()) {
            sum += kind.weight;
        }
        int left = random.nextInt(sum);
        for (SoakKind kind : values()) {
            left -= kind.weight;
            if (left < 0) {
                return kind;
            }
        }
        return JSON;
    }

    /** The kind of the exchange with this target. */
    static SoakKind of(String target) {
        return valueOf(target.split("/")[1]);
    }
}
