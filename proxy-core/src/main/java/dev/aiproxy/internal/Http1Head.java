package dev.aiproxy.internal;

import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;

/** Builds the head of a response to an HTTP/1.1 or HTTP/1.0 client: what came, less what ends here. */
final class Http1Head {

    private final HttpVersion version;
    private final BodyFraming framing;
    private final boolean closesConnection;

    /**
     * Describes the message that the head belongs to.
     *
     * @param version what the client speaks
     * @param closesConnection whether the client's connection ends with this response
     */
    Http1Head(HttpVersion version, BodyFraming framing, boolean closesConnection) {
        this.version = version;
        this.framing = framing;
        this.closesConnection = closesConnection;
    }

    static HeadWriter ofInterim(ResponseHead head) {
        return new Http1Head(HttpVersion.HTTP_1_1, BodyFraming.NONE, false).of(head);
    }

    /** A 101, with the fields that tell what the connection changes to. */
    static HeadWriter ofSwitch(ResponseHead head) {
        HeadWriter bytes = startLine(head);
        Set<String> nominated = FieldRules.nominatedByConnection(head.fields());
        int number = 0;
        for (HttpField field : head.fields()) {
            boolean isFraming =
                    field.getHeader() == HttpHeader.CONTENT_LENGTH || field.getHeader() == HttpHeader.TRANSFER_ENCODING;
            boolean isKept = UpgradeRules.isPartOfUpgrade(field) || !FieldRules.isHopByHop(field, nominated);
            if (isKept && !isFraming) {
                bytes.field(field, head.raw(), number);
            }
            number++;
        }
        return bytes.text("\r\n");
    }

    private static HeadWriter startLine(ResponseHead head) {
        return new HeadWriter()
                .text("HTTP/1.1 ")
                .text(Integer.toString(head.status()))
                .text(" ")
                .text(head.reason())
                .text("\r\n");
    }

    HeadWriter of(ResponseHead head) {
        HeadWriter bytes = startLine(head);
        boolean hasTransferEncoding = fields(head, bytes);
        if (framing == BodyFraming.CHUNKED && !hasTransferEncoding) {
            bytes.field("Transfer-Encoding", "chunked");
        }
        if (!head.isInterim()) {
            connectionField(bytes);
        }
        return bytes.text("\r\n");
    }

    private boolean fields(ResponseHead head, HeadWriter bytes) {
        boolean hasTransferEncoding = false;
        Set<String> nominated = FieldRules.nominatedByConnection(head.fields());
        int number = -1;
        for (HttpField field : head.fields()) {
            number++;
            if (!head.isOwn() && FieldRules.isHopByHop(field, nominated) || isWrongFraming(field, head)) {
                continue;
            }
            hasTransferEncoding |= field.getHeader() == HttpHeader.TRANSFER_ENCODING;
            bytes.field(field, head.raw(), number);
        }
        return hasTransferEncoding;
    }

    private boolean isWrongFraming(HttpField field, ResponseHead head) {
        if (field.getHeader() == HttpHeader.CONTENT_LENGTH) {
            // RFC 9112 §6.2: never beside Transfer-Encoding. RFC 9110 §8.6: never in 1xx.
            return framing == BodyFraming.CHUNKED || head.isInterim();
        }
        if (field.getHeader() != HttpHeader.TRANSFER_ENCODING || framing == BodyFraming.CHUNKED) {
            return false;
        }
        // To HEAD, and with 304, it tells what a GET would have brought; else it goes on only before chunks.
        boolean tellsOfGet = framing == BodyFraming.NONE && head.status() >= 200 && head.status() != 204;
        return version != HttpVersion.HTTP_1_1 || !tellsOfGet;
    }

    private void connectionField(HeadWriter bytes) {
        if (version == HttpVersion.HTTP_1_1 && closesConnection) {
            bytes.field("Connection", "close");
        }
        if (version == HttpVersion.HTTP_1_0 && !closesConnection) {
            bytes.field("Connection", "keep-alive");
        }
    }
}
