package dev.aiproxy.internal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Pieces of a stream that have arrived together: all in one write, or each in one by Jetty's generator. */
public class GatherWriterBenchmark extends PieceBenchmark {

    private static final int PIECE_BYTES = 220;

    @Param({"chunked", "plain"})
    private String framing;

    @Param({"1", "4", "16"})
    private int pieces;

    private final TakingEndPoint endPoint = new TakingEndPoint();
    private final ByteBufferPool pool = new ArrayByteBufferPool();
    private final GatherWriter gatherWriter = new GatherWriter(endPoint, pool);
    private final GeneratorWriter generatorWriter = new GeneratorWriter(endPoint, pool);
    private List<Content.Chunk> data;
    private boolean isChunked;

    @Setup
    public void arrive() throws Exception {
        isChunked = framing.equals("chunked");
        HttpFields length = HttpFields.build().add("Content-Length", Long.toString(Long.MAX_VALUE));
        generatorWriter.begin(isChunked ? HttpFields.EMPTY : length);
        data = Stream.generate(() -> Content.Chunk.from(ByteBuffer.allocateDirect(PIECE_BYTES), false))
                .limit(pieces)
                .toList();
    }

    @Benchmark
    public long ours() {
        rewind();
        gatherWriter.write(null, data, isChunked, null, Callback.NOOP);
        return endPoint.takenBytes();
    }

    @Benchmark
    public long jetty() {
        rewind();
        for (Content.Chunk piece : data) {
            generatorWriter.write(piece.getByteBuffer());
        }
        return endPoint.takenBytes();
    }

    private void rewind() {
        for (Content.Chunk piece : data) {
            piece.getByteBuffer().clear();
        }
    }
}
