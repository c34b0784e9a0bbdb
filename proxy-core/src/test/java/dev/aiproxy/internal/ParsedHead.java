package dev.aiproxy.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;

/** What Jetty's own parser makes of the head of a request. */
final class ParsedHead implements HttpParser.RequestHandler {

    private final HttpFields.Mutable fields = HttpFields.build();
    private String method = "";
    private String target = "";

    private ParsedHead() {}

    /** Parses a head; one character a byte. */
    static ParsedHead of(String wire) {
        ParsedHead parsed = new ParsedHead();
        HttpParser parser = new HttpParser(parsed, HttpCompliance.RFC9110);
        parser.parseNext(ByteBuffer.wrap(wire.getBytes(StandardCharsets.ISO_8859_1)));
        return parsed;
    }

    String method() {
        return method;
    }

    HttpURI uri() {
        return HttpURI.build(method, target);
    }

    HttpFields fields() {
        return fields;
    }

    @Override
    public void startRequest(String parsedMethod, String parsedTarget, HttpVersion version) {
        method = parsedMethod;
        target = parsedTarget;
    }

    @Override
    public void parsedHeader(HttpField field) {
        fields.add(field);
    }

    @Override
    public boolean headerComplete() {
        return true;
    }

    @Override
    public boolean content(ByteBuffer content) {
        return true;
    }

    @Override
    public boolean contentComplete() {
        return true;
    }

    @Override
    public boolean messageComplete() {
        return true;
    }

    @Override
    public void earlyEOF() {
        throw new AssertionError("the head is not complete");
    }
}
