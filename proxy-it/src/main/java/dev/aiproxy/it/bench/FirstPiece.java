package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Knows whether an answer that is to stay unfinished has begun, and what went wrong with it. */
final class FirstPiece implements Lane.Listener {
    private boolean came;
    private String failure = "";

    /** Whether there is nothing more to wait for. */
    boolean cameOrFailed() {
        return came || !failure.isEmpty();
    }

    /** Empty as long as nothing went wrong. */
    String failure() {
        return failure;
    }

    @Override
    public void body(Lane lane, ByteBuffer piece, long nowNanos) {
        came = true;
    }

    @Override
    public void answered(Lane lane, long nowNanos) throws IOException {
        throw new IOException("stream ended early");
    }

    @Override
    public void failed(Lane lane, IOException itsFailure) {
        failure = String.valueOf(itsFailure.getMessage());
    }
}
