package dev.aiproxy.internal;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * What a client sends, read into a place that is moved if there is little in it, into a buffer of Jetty's pool that stays
 * as large as it is, and into such a buffer with each piece copied out of it.
 */
public class InputBufferBenchmark extends PieceBenchmark {

    private static final int ROOM_BYTES = 16 * 1024;

    @Param({"300", "16384"})
    private int readBytes;

    private final ByteBufferPool jettyPool = new ArrayByteBufferPool();
    private final ByteBufferPool ourPool = new InputBuffers(jettyPool, ROOM_BYTES);
    private final RetainableByteBuffer ourBuffer = ourPool.acquire(ROOM_BYTES, true);
    private final RetainableByteBuffer jettyBuffer = jettyPool.acquire(ROOM_BYTES, true);
    private final SocketCopy socket = new SocketCopy(ROOM_BYTES);
    private ByteBuffer sent;

    @Setup
    public void send() {
        sent = ByteBuffer.allocateDirect(readBytes);
    }

    /** A request on a connection that was idle. */
    @Benchmark
    public byte requestOurs() {
        return request(ourPool);
    }

    @Benchmark
    public byte requestJetty() {
        return request(jettyPool);
    }

    /** The next piece of an upload. */
    @Benchmark
    public byte nextPieceOurs() {
        return take(read(ourBuffer));
    }

    @Benchmark
    public byte nextPieceJetty() {
        return take(read(jettyBuffer));
    }

    @Benchmark
    public byte nextPieceCopied() {
        ByteBuffer content = read(jettyBuffer);
        return take(ByteBuffer.allocate(content.remaining()).put(content).flip());
    }

    private byte request(ByteBufferPool pool) {
        RetainableByteBuffer buffer = pool.acquire(ROOM_BYTES, true);
        byte last = take(read(buffer));
        buffer.release();
        return last;
    }

    /** As Jetty's connection reads from a socket on which that has come. */
    private ByteBuffer read(RetainableByteBuffer buffer) {
        ByteBuffer room = buffer.getByteBuffer();
        int position = BufferUtil.flipToFill(room);
        socket.read(sent.rewind(), room);
        BufferUtil.flipToFlush(room, position);
        return buffer.getByteBuffer();
    }

    /** As a parser that gets to the end of it. */
    private static byte take(ByteBuffer content) {
        byte last = content.get(content.limit() - 1);
        content.position(content.limit());
        return last;
    }
}
