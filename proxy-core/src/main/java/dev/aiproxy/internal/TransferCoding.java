package dev.aiproxy.internal;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/** How a message says that it comes in chunks. */
enum TransferCoding {
    NONE,
    CHUNKED,
    /** Anything that two parsers may understand differently: other codings, lists, empty members, several fields. */
    ODD;

    static TransferCoding of(HttpFields fields) {
        TransferCoding found = NONE;
        for (HttpField field : fields) {
            if (field.getHeader() == HttpHeader.TRANSFER_ENCODING) {
                boolean isChunked = "chunked".equalsIgnoreCase(field.getValue());
                found = found == NONE && isChunked ? CHUNKED : ODD;
            }
        }
        return found;
    }
}
