package dev.aiproxy.it.bench;

import java.util.ArrayList;
import java.util.List;

/** The fields that HPACK names by a number: those of the static table, and behind them what one connection has added. */
final class HpackTable {
    /** RFC 7541 appendix A, from 1 on. */
    private static final List<Field> STATIC = """
            :authority
            :method GET
            :method POST
            :path /
            :path /index.html
            :scheme http
            :scheme https
            :status 200
            :status 204
            :status 206
            :status 304
            :status 400
            :status 404
            :status 500
            accept-charset
            accept-encoding gzip, deflate
            accept-language
            accept-ranges
            accept
            access-control-allow-origin
            age
            allow
            authorization
            cache-control
            content-disposition
            content-encoding
            content-language
            content-length
            content-location
            content-range
            content-type
            cookie
            date
            etag
            expect
            expires
            from
            host
            if-match
            if-modified-since
            if-none-match
            if-range
            if-unmodified-since
            last-modified
            link
            location
            max-forwards
            proxy-authenticate
            proxy-authorization
            range
            referer
            refresh
            retry-after
            server
            set-cookie
            strict-transport-security
            transfer-encoding
            user-agent
            vary
            via
            www-authenticate""".lines().map(HpackTable::field).toList();

    private static final int FIELD_OVERHEAD_BYTES = 32;
    private static final int MOST_BYTES = 4096;

    /** The newest last. */
    private final List<Field> added = new ArrayList<>();

    private int bytes;
    private int mostBytes = MOST_BYTES;

    private static Field field(String line) {
        int space = line.indexOf(' ');
        return space < 0 ? new Field(line, "") : new Field(line.substring(0, space), line.substring(space + 1));
    }

    /** The number of that very field in the static table, or 0. */
    static int indexOf(Field field) {
        return STATIC.indexOf(field) + 1;
    }

    /** The first number of that name in the static table, or 0. */
    static int indexOfName(String name) {
        for (int at = 0; at < STATIC.size(); at++) {
            if (STATIC.get(at).name.equals(name)) {
                return at + 1;
            }
        }
        return 0;
    }

    Field at(int index) throws Http2Failure {
        if (index < 1 || index > STATIC.size() + added.size()) {
            throw new Http2Failure("a field numbered " + index + " where there are " + (STATIC.size() + added.size()));
        }
        return index <= STATIC.size() ? STATIC.get(index - 1) : added.get(added.size() + STATIC.size() - index);
    }

    void add(Field field) {
        added.add(field);
        bytes += field.bytes();
        evict();
    }

    /** How much may be added; 0 for nothing at all. */
    void resize(int newMostBytes) throws Http2Failure {
        if (newMostBytes > MOST_BYTES) {
            throw new Http2Failure("a table of " + newMostBytes + " bytes where " + MOST_BYTES + " are allowed");
        }
        mostBytes = newMostBytes;
        evict();
    }

    /** Whether nothing that is added stays. */
    boolean isOff() {
        return mostBytes == 0;
    }

    private void evict() {
        while (bytes > mostBytes) {
            bytes -= added.remove(0).bytes();
        }
    }

    /** What it holds of what was added, in bytes as RFC 7541 §4.1 counts them. */
    int bytes() {
        return bytes;
    }

    /** One field of a head. */
    record Field(String name, String value) {
        private int bytes() {
            return name.length() + value.length() + FIELD_OVERHEAD_BYTES;
        }
    }
}
