package dev.aiproxy.it;

import java.util.zip.CRC32C;

/**
 * Bytes that tell their place: any loss, repetition or swap changes the checksum, and nobody has to keep 256 MB to
 * compare with.
 */
public final class Pattern {
    private static final int BLOCK_BYTES = 64 * 1024;

    private Pattern() {}

    /** Fills the array with the bytes from this position of the pattern on. */
    public static void fill(byte[] target, long position) {
        for (int i = 0; i < target.length; i++) {
            target[i] = at(position + i);
        }
    }

    /** The first bytes of the pattern. */
    public static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        fill(bytes, 0);
        return bytes;
    }

    /** CRC-32C of the first bytes of the pattern. */
    public static long checksum(long length) {
        CRC32C checksum = new CRC32C();
        byte[] block = new byte[BLOCK_BYTES];
        for (long position = 0; position < length; position += block.length) {
            fill(block, position);
            checksum.update(block, 0, (int) Math.min(block.length, length - position));
        }
        return checksum.getValue();
    }

    private static byte at(long position) {
        long mixed = position * 0x9E3779B97F4A7C15L;
        return (byte) (mixed >>> 56);
    }
}
