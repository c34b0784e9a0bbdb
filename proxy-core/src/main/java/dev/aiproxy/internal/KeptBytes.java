package dev.aiproxy.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The beginning of a body, copied as it goes by, for as long as it fits. For one thread at a time. */
final class KeptBytes {

    private static final byte[] NOTHING = {};

    private final int limit;
    private byte[] bytes = NOTHING;
    private boolean isComplete = true;
    private boolean isRewound;

    /**
     * Keeps nothing yet.
     *
     * @param limit number of bytes above which nothing is kept
     */
    KeptBytes(int limit) {
        this.limit = limit;
    }

    /** Copies what has been read; the buffer stays as it is. */
    void add(ByteBuffer read) {
        if (!isComplete || !read.hasRemaining()) {
            return;
        }
        int length = bytes.length;
        if (length + read.remaining() > limit) {
            forget();
            return;
        }
        bytes = Arrays.copyOf(bytes, length + read.remaining());
        read.duplicate().get(bytes, length, read.remaining());
    }

    /** Keeps nothing, now and later. */
    void forget() {
        bytes = NOTHING;
        isComplete = false;
    }

    /** Whether all that was read was kept. */
    boolean isComplete() {
        return isComplete;
    }

    /** Lets {@link #next()} hand out all that was kept. */
    void rewind() {
        isRewound = true;
    }

    /** What was kept, once after a rewind. */
    @Nullable
    ByteBuffer next() {
        boolean isDue = isRewound && bytes.length > 0;
        isRewound = false;
        return isDue ? ByteBuffer.wrap(bytes) : null;
    }
}
