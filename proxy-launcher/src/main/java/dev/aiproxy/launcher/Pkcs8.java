package dev.aiproxy.launcher;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Puts the header of PKCS#8 (RFC 5208) in front of keys that have none:
 *
 * <pre>SEQUENCE { 0, SEQUENCE { algorithm, parameters }, OCTET STRING { the key } }</pre>
 */
final class Pkcs8 {

    private static final byte[] VERSION_0 = HexFormat.of().parseHex("020100");
    /** rsaEncryption (1.2.840.113549.1.1.1), and NULL for want of parameters. */
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
    /** id-ecPublicKey (1.2.840.10045.2.1); its parameter is the curve. */
    private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int CURVE = 0xa0;

    private Pkcs8() {}

    /** @param pkcs1 as in RFC 8017 §A.1.2 */
    static byte[] ofRsa(byte[] pkcs1) {
        return der(SEQUENCE, VERSION_0, RSA, der(OCTET_STRING, pkcs1));
    }

    /**
     * Lifts the curve out of the key into the header.
     *
     * @param sec1 as in RFC 5915: {@code SEQUENCE { 1, OCTET STRING, [0] curve, [1] public key }}
     */
    static byte[] ofEc(byte[] sec1) throws BadValueException {
        return der(SEQUENCE, VERSION_0, der(SEQUENCE, EC, curve(sec1)), der(OCTET_STRING, sec1));
    }

    private static byte[] curve(byte[] sec1) throws BadValueException {
        try {
            int end = sec1.length;
            for (int at = contentAt(sec1, 0); at < end; at = contentAt(sec1, at) + lengthAt(sec1, at)) {
                if ((sec1[at] & 0xff) == CURVE) {
                    return Arrays.copyOfRange(sec1, contentAt(sec1, at), contentAt(sec1, at) + lengthAt(sec1, at));
                }
            }
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new BadValueException("its private key is damaged", e);
        }
        throw new BadValueException("its private key does not name its curve");
    }

    /** Where the content of the element begins that begins here. */
    private static int contentAt(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first - 0x80);
    }

    private static int lengthAt(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < first - 0x80; i++) {
            length = length << 8 | der[at + 2 + i] & 0xff;
        }
        if (length < 0) {
            throw new IllegalArgumentException("negative length");
        }
        return length;
    }

    private static byte[] der(int tag, byte[]... contents) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] piece : contents) {
            content.writeBytes(piece);
        }
        ByteArrayOutputStream der = new ByteArrayOutputStream();
        der.write(tag);
        // As few bytes as will do: the JDK insists on that.
        if (content.size() >= 0x100) {
            der.write(0x82);
            der.write(content.size() >> 8);
        } else if (content.size() >= 0x80) {
            der.write(0x81);
        }
        der.write(content.size());
        der.writeBytes(content.toByteArray());
        return der.toByteArray();
    }
}
