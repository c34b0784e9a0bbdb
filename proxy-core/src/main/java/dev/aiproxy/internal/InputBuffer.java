package dev.aiproxy.internal;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Retainable;
import org.eclipse.jetty.io.RetainableByteBuffer;

/**
 * What has been read from a client, held in no more room than it takes.
 *
 * <p>Jetty keeps the buffer that the body of a request was read into until the response is through, and its parser keeps
 * the last piece of the body as long; behind a stream, that may be hours. So what did not fill half of the room it was
 * read into moves to a place of its own size before the parser sees it, and there is room again when there is more to read.
 *
 * <p>Under TLS, a record that is larger than the room is decrypted into a buffer of Jetty's, which is held until all of it has
 * been taken.
 *
 * <p>No place is used twice but by reading into it again, as Jetty does when nobody holds a piece of it; so pieces stay as
 * they are. Room that is left before the parser has seen it has no pieces, and goes to the next.
 *
 * <p>For the one thread at a time that fills or parses; only the count of those who hold it is for any thread.
 */
final class InputBuffer extends RetainableByteBuffer.Wrapper {

    private static final int LEAST_ROOM_BYTES = 1024;
    /** Of what was read last: who sends a little seldom goes on with a lot. */
    private static final int ROOM_FACTOR = 4;

    private final InputRooms rooms;
    private final Retainable holders;
    private RetainableByteBuffer place;
    /** Whether the place may be read into, and is not of the size of what was read. */
    private boolean isRoom = true;
    /** Whether what is found there next has just been read. Later, the parser may be in the middle of it. */
    private boolean isToBeRead = true;

    private int nextRoomBytes;

    /** @param rooms where to read into, unless the last time brought little */
    InputBuffer(InputRooms rooms) {
        super(RetainableByteBuffer.EMPTY);
        this.rooms = rooms;
        nextRoomBytes = rooms.bytes();
        holders = new Retainable.ReferenceCounter();
        // There from the beginning, for connections in HTTP/2 that take over what has been read already.
        place = RetainableByteBuffer.wrap(rooms.take(nextRoomBytes), holders);
    }

    @Override
    public RetainableByteBuffer getWrapped() {
        return place;
    }

    /** What has been read and not been taken yet; if there is none, room to read into. */
    @Override
    public ByteBuffer getByteBuffer() {
        ByteBuffer bytes = place.getByteBuffer();
        if (!bytes.hasRemaining()) {
            isToBeRead = true;
            return isRoom && bytes.capacity() >= nextRoomBytes ? bytes : makeRoom();
        }
        if (!isToBeRead) {
            return bytes;
        }
        isToBeRead = false;
        return fit(bytes);
    }

    // Not by way of the place, which another thread may be moving.

    @Override
    public boolean canRetain() {
        return holders.canRetain();
    }

    @Override
    public boolean isRetained() {
        return holders.isRetained();
    }

    @Override
    public int getRetained() {
        return holders.getRetained();
    }

    @Override
    public void retain() {
        holders.retain();
    }

    @Override
    public boolean release() {
        return holders.release();
    }

    private ByteBuffer makeRoom() {
        isRoom = true;
        return moveTo(rooms.take(nextRoomBytes));
    }

    private ByteBuffer fit(ByteBuffer read) {
        int length = read.remaining();
        nextRoomBytes = Math.min(Math.max(ROOM_FACTOR * length, LEAST_ROOM_BYTES), rooms.bytes());
        if (length > read.capacity() / 2) {
            return read;
        }
        isRoom = false;
        ByteBuffer fitting = ByteBuffer.allocate(length).put(read).flip();
        rooms.giveBack(read);
        return moveTo(fitting);
    }

    private ByteBuffer moveTo(ByteBuffer bytes) {
        place = RetainableByteBuffer.wrap(bytes, holders);
        return bytes;
    }
}
