package dev.aiproxy.it;

import java.io.ByteArrayOutputStream;

/** TLS as it is on the wire, for clients that are older or ruder than the JDK's. */
final class TlsBytes {
    private static final int HANDSHAKE = 0x16;
    private static final int CLIENT_HELLO = 1;
    private static final int RANDOM_BYTES = 32;
    /** TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, which TLS 1.1 and 1.2 share. */
    private static final byte[] SUITES = {(byte) 0xc0, 0x09};

    private TlsBytes() {}

    /** A hello of this version at most, without extensions. */
    static byte[] clientHello(int major, int minor) {
        ByteArrayOutputStream hello = new ByteArrayOutputStream();
        hello.write(major);
        hello.write(minor);
        hello.writeBytes(new byte[RANDOM_BYTES]);
        hello.write(0);
        hello.write(0);
        hello.write(SUITES.length);
        hello.writeBytes(SUITES);
        hello.write(1);
        hello.write(0);
        byte[] body = hello.toByteArray();
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        record.writeBytes(new byte[] {HANDSHAKE, 3, 1, 0, (byte) (body.length + 4), CLIENT_HELLO, 0, 0});
        record.write(body.length);
        record.writeBytes(body);
        return record.toByteArray();
    }
}
