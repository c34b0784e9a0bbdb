package dev.aiproxy.internal;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Addresses that are not somebody's on the public internet, and that a name in someone else's hands must not lead to. */
final class SpecialAddresses {

    private SpecialAddresses() {}

    /** Whether an address is loopback, private, link-local, unspecified, multicast, reserved, or another one in disguise. */
    static boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address ? isSpecial4(bytes) : isSpecial6(bytes);
    }

    /** Whether a host, lower-case and an IPv6 address in brackets, is written as such an address or means this machine. */
    static boolean isWrittenAs(String host) {
        if (host.equals("localhost") || host.endsWith(".localhost")) {
            // RFC 6761 §6.3.
            return true;
        }
        try {
            // Neither form is ever looked up.
            boolean isAddress = host.startsWith("[") || AddressLookups.isIpv4(host);
            return isAddress && contains(InetAddress.getByName(host));
        } catch (UnknownHostException notAnAddress) {
            return false;
        }
    }

    private static boolean isSpecial4(byte[] bytes) {
        return isPrivate4(bytes) || isReserved4(bytes);
    }

    private static boolean isPrivate4(byte[] bytes) {
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        return first == 10
                || first == 127
                || first == 172 && (second & 0xf0) == 16
                || first == 192 && second == 168
                || first == 169 && second == 254;
    }

    private static boolean isReserved4(byte[] bytes) {
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        int third = bytes[2] & 0xff;
        return switch (first) {
            case 0 -> true;
            // RFC 6598, shared between carriers; some clouds have their metadata service there.
            case 100 -> second >= 64 && second < 128;
            // RFC 6890.
            case 192 -> second == 0 && (third == 0 || third == 2);
            case 198 -> second == 18 || second == 19 || second == 51 && third == 100;
            case 203 -> second == 0 && third == 113;
            default -> first >= 224;
        };
    }

    private static boolean isSpecial6(byte[] bytes) {
        int first = (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
        int second = (bytes[2] & 0xff) << 8 | bytes[3] & 0xff;
        if (first == 0x64 && second == 0xff9b && isZero(bytes, 4, 12)) {
            // RFC 6052: in networks without IPv4, this is how all of it is reached.
            return isSpecial4(Arrays.copyOfRange(bytes, 12, 16));
        }
        // RFC 4291 §2.4.
        boolean isGlobal = (first & 0xe000) == 0x2000;
        boolean isTunnelling = first == 0x2002 || first == 0x2001 && second < 0x200;
        boolean isDocumentation = first == 0x2001 && second == 0xdb8;
        return !isGlobal || isTunnelling || isDocumentation;
    }

    private static boolean isZero(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
