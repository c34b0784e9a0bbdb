package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.eclipse.jetty.util.BufferUtil;
import org.junit.jupiter.api.Test;

final class InputBufferTest {

    private static final int ROOM = 16 * 1024;

    private final InputRooms rooms = new InputRooms(ROOM);
    private final InputBuffer buffer = new InputBuffer(rooms);

    @Test
    void holdsNoMoreThanWhatWasRead() {
        read(bytes(300, 'a'));

        ByteBuffer content = buffer.getByteBuffer();

        assertThat(content.array()).hasSize(300).containsOnly('a');
    }

    @Test
    void takesOverWhatSomebodyElseHasRead() {
        buffer.append(ByteBuffer.wrap(bytes(300, 'a')));

        assertThat(bytesOf(takePiece())).isEqualTo(bytes(300, 'a'));
    }

    @Test
    void leavesPiecesAsTheyWereWhenMoreIsRead() {
        read(bytes(300, 'a'));
        ByteBuffer piece = takePiece();

        read(bytes(300, 'b'));

        assertThat(bytesOf(piece)).isEqualTo(bytes(300, 'a'));
        assertThat(bytesOf(takePiece())).isEqualTo(bytes(300, 'b'));
    }

    @Test
    void leavesPiecesAsTheyWereWhenMoreIsReadBehindThem() {
        read(bytes(ROOM - 2_000, 'a'));
        ByteBuffer piece = takePiece();

        // As Jetty does while somebody holds the piece.
        ByteBuffer place = buffer.getByteBuffer();
        int end = place.limit();
        place.position(0);
        BufferUtil.append(place, ByteBuffer.wrap(bytes(300, 'b')));
        place.position(end);

        assertThat(bytesOf(piece)).isEqualTo(bytes(ROOM - 2_000, 'a'));
        assertThat(bytesOf(takePiece())).isEqualTo(bytes(300, 'b'));
    }

    @Test
    void keepsWhatTheParserHasLeft() {
        read(bytes(300, 'a'));
        buffer.getByteBuffer().position(200);

        assertThat(buffer.remaining()).isEqualTo(100);
        assertThat(bytesOf(buffer.getByteBuffer())).isEqualTo(bytes(100, 'a'));
    }

    @Test
    void movesNothingAwayFromAParserInTheMiddleOfIt() {
        read(bytes(ROOM, 'a'));
        ByteBuffer parsed = buffer.getByteBuffer();
        parsed.position(ROOM - 300);

        assertThat(buffer.getByteBuffer()).isSameAs(parsed);
    }

    @Test
    void leavesRoomThatALittleWasReadIntoToTheNext() {
        byte[] room = buffer.getByteBuffer().array();
        read(bytes(300, 'a'));
        ByteBuffer piece = takePiece();

        InputBuffer next = new InputBuffer(rooms);

        assertThat(next.getByteBuffer().array()).isSameAs(room);
        assertThat(next.hasRemaining()).isFalse();
        assertThat(bytesOf(piece)).isEqualTo(bytes(300, 'a'));
    }

    @Test
    void leavesNoRoomThatAParserHasSeen() {
        byte[] room = buffer.getByteBuffer().array();
        read(bytes(ROOM, 'a'));
        takePiece();
        buffer.release();

        assertThat(new InputBuffer(rooms).getByteBuffer().array()).isNotSameAs(room);
    }

    @Test
    void neverGivesRoomToTwo() {
        read(bytes(300, 'a'));
        takePiece();
        InputBuffer one = new InputBuffer(rooms);
        InputBuffer other = new InputBuffer(rooms);

        assertThat(one.getByteBuffer().array())
                .isNotSameAs(other.getByteBuffer().array());
    }

    @Test
    void readsALotIntoTheSameRoomAgain() {
        read(bytes(ROOM, 'a'));
        byte[] room = buffer.getByteBuffer().array();
        takePiece();

        read(bytes(ROOM, 'b'));

        assertThat(buffer.getByteBuffer().array()).isSameAs(room).containsOnly('b');
    }

    @Test
    void hasLittleRoomBehindLittleAndGrowsAgain() {
        read(bytes(300, 'a'));
        takePiece();
        int little = buffer.getByteBuffer().capacity();
        read(bytes(little, 'b'));
        takePiece();
        int more = buffer.getByteBuffer().capacity();
        read(bytes(more, 'c'));
        takePiece();

        assertThat(little).isEqualTo(4 * 300);
        assertThat(more).isEqualTo(4 * 4 * 300);
        assertThat(buffer.getByteBuffer().capacity()).isEqualTo(ROOM);
    }

    @Test
    void countsItsHoldersWhereverItsBytesAre() {
        buffer.retain();
        read(bytes(300, 'a'));
        takePiece();

        assertThat(buffer.isRetained()).isTrue();
        assertThat(buffer.release()).isFalse();
        assertThat(buffer.isRetained()).isFalse();
        assertThat(buffer.release()).isTrue();
    }

    private void read(byte[] bytes) {
        ByteBuffer room = buffer.getByteBuffer();
        assertThat(BufferUtil.append(room, ByteBuffer.wrap(bytes))).isEqualTo(bytes.length);
    }

    /** As the parser takes content: all there is, without a copy. */
    private ByteBuffer takePiece() {
        ByteBuffer content = buffer.getByteBuffer();
        ByteBuffer piece = content.slice();
        content.position(content.limit());
        return piece;
    }

    private static byte[] bytes(int count, char value) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
