package dev.aiproxy.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpGenerator;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.util.BufferUtil;
import org.openjdk.jmh.annotations.Benchmark;

/** The head of a streamed answer: as it was on the wire, or as Jetty's generator spells it. */
public class Http1HeadBenchmark extends PieceBenchmark {

    private static final String START_LINE = "HTTP/1.1 200 OK\r\n";
    private static final String FIELDS = """
            date: Mon, 02 Nov 2026 10:00:00 GMT
            content-type: text/event-stream; charset=utf-8
            transfer-encoding: chunked
            connection: keep-alive
            openai-organization: an-organization
            openai-processing-ms: 312
            openai-version: 2020-10-01
            x-ratelimit-limit-requests: 10000
            x-ratelimit-remaining-requests: 9999
            x-ratelimit-limit-tokens: 200000
            x-ratelimit-remaining-tokens: 199982
            x-request-id: req_0123456789abcdef0123456789abcdef
            strict-transport-security: max-age=31536000; includeSubDomains; preload
            """.replace("\n", "\r\n");

    private final byte[] wire = (START_LINE + FIELDS + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    private final HttpFields fields = parsed();
    private final RawHead raw = rawHead();
    private final HttpGenerator generator = new HttpGenerator();
    private final ByteBuffer target = BufferUtil.allocateDirect(8 * 1024);

    private static HttpFields parsed() {
        HttpFields.Mutable fields = HttpFields.build();
        for (String line : FIELDS.split("\r\n")) {
            int colon = line.indexOf(':');
            fields.add(line.substring(0, colon), line.substring(colon + 2));
        }
        return fields.asImmutable();
    }

    /** What only ours does: each line is compared with what Jetty's parser made of it. */
    @Benchmark
    public RawHead rawHead() {
        return Objects.requireNonNull(RawHead.of(wire, 0, wire.length, fields));
    }

    @Benchmark
    public ByteBuffer ours() {
        BufferUtil.clearToFill(target);
        ResponseHead head = new ResponseHead(200, "OK", fields, raw, false);
        new Http1Head(HttpVersion.HTTP_1_1, BodyFraming.CHUNKED, false).of(head).writeTo(target);
        return target.flip();
    }

    @Benchmark
    public ByteBuffer jetty() throws IOException {
        BufferUtil.clear(target);
        generator.reset();
        MetaData.Response head = new MetaData.Response(200, "OK", HttpVersion.HTTP_1_1, fields);
        generator.generateResponse(head, false, target, null, null, false);
        return target;
    }
}
