package dev.aiproxy.it.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class Http2SessionTest {
    private static final byte[] EIGHT_BYTES = {1, 2, 3, 4, 5, 6, 7, 8};

    private final RecordingWire wire = new RecordingWire();
    private final Filler filler = new Filler();
    private final RecordingStream stream = new RecordingStream(1);
    private Selector selector;
    private SocketChannel channel;
    private Outlet outlet;
    private Http2Session session;

    @BeforeEach
    void begin() throws IOException {
        selector = Selector.open();
        channel = SocketChannel.open();
        channel.configureBlocking(false);
        outlet = new Outlet(wire);
        outlet.start(channel.register(selector, SelectionKey.OP_READ));
        session = new Http2Session(outlet, filler, new ClientSide());
        session.open(stream);
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
        selector.close();
    }

    @Test
    void tellsItsStreamOfAnAnswer() throws IOException {
        byte[] head = new HpackWriter().field(":status", "200").block();

        read(Frame.of(Frame.HEADERS, Frame.END_HEADERS, 1, head));
        read(Frame.of(Frame.DATA, Frame.END_STREAM, 1, EIGHT_BYTES));

        assertThat(stream.heard()).containsExactly("head 200", "body 8", "end");
    }

    @Test
    void readsPastPaddingAndPriority() throws IOException {
        byte[] block = new HpackWriter().field(":status", "200").block();
        byte[] padded = {2, 0, 0, 0, 0, 16, block[0], 0, 0};
        int flags = Frame.END_HEADERS | Frame.PADDED | Frame.WITH_PRIORITY;

        read(Frame.of(Frame.HEADERS, flags, 1, padded));
        read(Frame.of(Frame.DATA, Frame.PADDED, 1, new byte[] {3, 'a', 'b', 0, 0, 0}));

        assertThat(stream.heard()).containsExactly("head 200", "body 2");
    }

    @Test
    void answersSettingsAndPings() throws IOException {
        read(Frame.of(Frame.SETTINGS, 0, 0));
        read(Frame.of(Frame.PING, 0, 0, EIGHT_BYTES));

        assertThat(wire.taken()).containsExactly("type 4, flags 1, stream 0, 0", "type 6, flags 1, stream 0, 8");
    }

    @Test
    void sendsNoMoreOfABodyThanTheOtherSideTakes() throws IOException {
        session.fill(stream, 70_000);
        List<String> first = wire.taken();
        read(Frame.windowUpdate(0, 10_000));
        List<String> withRoomOnTheConnection = wire.taken();
        read(Frame.windowUpdate(1, 10_000));

        assertThat(first)
                .containsExactly(
                        "type 0, flags 0, stream 1, 16384",
                        "type 0, flags 0, stream 1, 16384",
                        "type 0, flags 0, stream 1, 16384",
                        "type 0, flags 0, stream 1, 16383");
        assertThat(withRoomOnTheConnection).isEmpty();
        assertThat(wire.taken()).containsExactly("type 0, flags 1, stream 1, 4465");
    }

    @Test
    void takesMoreForAllStreamsWhenTheSettingsSaySo() throws IOException {
        byte[] windowOf70000 = {0, 4, 0, 1, 0x11, 0x70};
        session.fill(stream, 70_000);
        wire.taken();

        read(Frame.windowUpdate(0, 10_000));
        read(Frame.of(Frame.SETTINGS, 0, 0, windowOf70000));

        assertThat(wire.taken()).containsExactly("type 4, flags 1, stream 0, 0", "type 0, flags 1, stream 1, 4465");
    }

    @Test
    void goesOnWithABodyBehindAFrameThatFoundRoom() throws IOException {
        read(Frame.windowUpdate(0, 1_000_000));
        read(Frame.windowUpdate(1, 1_000_000));
        wire.holdBack();
        session.fill(stream, 70_000);
        List<String> first = wire.taken();
        wire.letGo();

        read(Frame.of(Frame.PING, 0, 0, EIGHT_BYTES));

        assertThat(first).hasSize(4);
        assertThat(wire.taken()).containsExactly("type 6, flags 1, stream 0, 8", "type 0, flags 1, stream 1, 4464");
    }

    @Test
    void sendsBodiesInTurn() throws IOException {
        RecordingStream second = new RecordingStream(3);
        session.open(second);
        session.fill(stream, 140_000);
        session.fill(second, 70_000);
        List<String> first = wire.taken();
        read(Frame.windowUpdate(1, 1_000_000));
        read(Frame.windowUpdate(3, 1_000_000));

        read(Frame.windowUpdate(0, 1_000_000));

        assertThat(first).hasSize(4).allMatch(frame -> frame.contains("stream 1, "));
        assertThat(wire.taken())
                .containsExactly(
                        "type 0, flags 0, stream 1, 16384",
                        "type 0, flags 0, stream 1, 16384",
                        "type 0, flags 0, stream 1, 16384",
                        "type 0, flags 0, stream 1, 16384",
                        "type 0, flags 0, stream 3, 16384",
                        "type 0, flags 0, stream 3, 16384",
                        "type 0, flags 0, stream 3, 16384",
                        "type 0, flags 0, stream 3, 16384",
                        "type 0, flags 1, stream 1, 8929",
                        "type 0, flags 1, stream 3, 4464");
    }

    @Test
    void refusesMoreStreamsThanTheOtherSideTakes() throws IOException {
        byte[] one = {0, 3, 0, 0, 0, 1};

        read(Frame.of(Frame.SETTINGS, 0, 0, one));

        assertThatExceptionOfType(Http2Failure.class)
                .isThrownBy(() -> session.open(new RecordingStream(3)))
                .withMessage("HTTP/2: the other side takes only 1 stream on a connection");
    }

    @Test
    void failsAStreamThatTheOtherSideStops() throws IOException {
        read(Frame.of(Frame.RST_STREAM, 0, 1, new byte[] {0, 0, 0, 7}));

        assertThat(stream.heard()).containsExactly("failed RST_STREAM REFUSED_STREAM");
    }

    @Test
    void stopsAStreamWhoseAnswerIsRefused() throws IOException {
        byte[] head = new HpackWriter().field(":status", "502").block();

        read(Frame.of(Frame.HEADERS, Frame.END_HEADERS | Frame.END_STREAM, 1, head));

        assertThat(wire.taken()).containsExactly("type 3, flags 0, stream 1, 4");
        assertThat(stream.heard()).containsExactly("failed status 502");
    }

    @Test
    void ignoresWhatStillComesOnAStreamThatItStopped() throws IOException {
        session.reset(stream);

        read(Frame.of(Frame.DATA, 0, 1, EIGHT_BYTES));
        read(Frame.windowUpdate(1, 10));
        read(Frame.of(Frame.RST_STREAM, 0, 1, new byte[4]));

        assertThat(stream.heard()).isEmpty();
    }

    @Test
    void failsWhenTheOtherSideSaysGoodbye() {
        byte[] calm = {0, 0, 0, 1, 0, 0, 0, 11, 'o', 'h'};

        assertThatExceptionOfType(Http2Failure.class)
                .isThrownBy(() -> read(Frame.of(Frame.GOAWAY, 0, 0, calm)))
                .withMessage("HTTP/2: GOAWAY ENHANCE_YOUR_CALM, oh, with 1 stream under way");
    }

    @Test
    void letsTheOtherSideGoWhenNothingIsUnderWayIfItMay() throws IOException {
        session = new Http2Session(outlet, filler, new ServerSide());

        read(Frame.of(Frame.GOAWAY, 0, 0, new byte[8]));

        assertThat(wire.taken()).isEmpty();
    }

    @Test
    void failsWhenTheOtherSideGoesAlthoughItMayNot() throws IOException {
        session.reset(stream);

        assertThatExceptionOfType(Http2Failure.class)
                .isThrownBy(() -> read(Frame.of(Frame.GOAWAY, 0, 0, new byte[8])))
                .withMessage("HTTP/2: GOAWAY NO_ERROR, with 0 streams under way");
    }

    @Test
    void takesMoreOnceItHasTakenAGibibyte() throws IOException {
        ByteBuffer data = Frame.of(Frame.DATA, 0, 1, new byte[16_384]);

        for (int taken = 1; taken < 65_536; taken++) {
            read(data.rewind());
        }
        List<String> before = wire.taken();
        read(data.rewind());

        assertThat(before).isEmpty();
        assertThat(wire.taken()).containsExactly("type 8, flags 0, stream 0, more 1073741824");
    }

    @Test
    void failsAStreamThoughItCannotTellTheOtherSide() {
        wire.breakDown();

        assertThatIOException().isThrownBy(() -> session.fail(stream, new IOException("status 502")));

        assertThat(stream.heard()).containsExactly("failed status 502");
    }

    @ParameterizedTest(name = "type {0} with flags {1}")
    @CsvSource({"0, 8, longer than its frame", "1, 12, longer than its frame", "1, 36, too short"})
    void failsAtWhatIsMissingFromAFrame(int type, int flags, String reason) {
        assertThatExceptionOfType(Http2Failure.class)
                .isThrownBy(() -> read(Frame.of(type, flags, 1, new byte[] {4, 0, 0, 0})))
                .withMessageContaining(reason);
    }

    @ParameterizedTest(name = "type {0} on stream {1}")
    @CsvSource({
        "0, 3, never begun",
        "1, 1, larger than a frame",
        "5, 1, PUSH_PROMISE",
        "9, 1, CONTINUATION",
        "8, 1, too short"
    })
    void failsAtWhatNobodyMaySend(int type, int id, String reason) {
        assertThatExceptionOfType(Http2Failure.class)
                .isThrownBy(() -> read(Frame.of(type, 0, id)))
                .withMessageContaining(reason);
    }

    private void read(ByteBuffer frame) throws IOException {
        session.read(frame);
    }

    private static final class ServerSide implements Http2Session.Side {
        @Override
        public ByteBuffer greeting() {
            return Http2Greeting.ofServer();
        }

        @Override
        public String field() {
            return ":path";
        }

        @Override
        public Http2Stream begun(int id) {
            throw new IllegalStateException("stream " + id + " is not expected");
        }

        @Override
        public boolean mayGo() {
            return true;
        }
    }
}
