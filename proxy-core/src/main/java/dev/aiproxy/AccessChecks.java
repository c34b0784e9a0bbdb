package dev.aiproxy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.InetAddressSet;

/** Checks what the builder is told about who may use the proxy. Messages never hold a token or a key. */
final class AccessChecks {

    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
    private static final Pattern ADDRESS =
            Pattern.compile("(" + OCTET + "(\\." + OCTET + "){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)(/\\d{1,3})?");
    private static final Pattern TOKEN_NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern TOKEN = Pattern.compile("[!-~&&[^,]]{16,512}");
    private static final Pattern HASH = Pattern.compile("sha256:[0-9A-Fa-f]{64}");
    private static final Pattern FIELD_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Pattern FIELD_VALUE = Pattern.compile("[!-~]([ -~]*[!-~])?");
    private static final Set<String> MESSAGE_FIELDS = Set.of(
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "keep-alive",
            "te",
            "trailer",
            "upgrade",
            "expect");

    private AccessChecks() {}

    static List<String> addresses(Collection<String> addresses) {
        InetAddressSet checked = new InetAddressSet();
        for (String address : addresses) {
            // Anything else would be looked up as a name.
            if (!ADDRESS.matcher(address).matches()) {
                throw badAddress(address, null);
            }
            try {
                checked.add(address);
            } catch (IllegalArgumentException e) {
                throw badAddress(address, e);
            }
        }
        return List.copyOf(addresses);
    }

    private static IllegalArgumentException badAddress(String address, Throwable cause) {
        return new IllegalArgumentException(
                "allowed clients must be addresses such as 192.0.2.7, or blocks such as 192.0.2.0/24 or fd00::/8"
                        + " whose bits behind the prefix are zero, one was " + address,
                cause);
    }

    /** Hashes in hexadecimal, by name, in the order given. */
    static Map<String, String> tokens(Map<String, String> tokensByName) {
        Map<String, String> hashes = new LinkedHashMap<>();
        tokensByName.forEach((name, token) -> {
            if (!TOKEN_NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "the name of a token must be 1..64 letters, digits, dots, hyphens or underscores");
            }
            hashes.put(name, hash(name, token));
        });
        return hashes;
    }

    private static String hash(String name, String token) {
        if (HASH.matcher(token).matches()) {
            return token.substring(token.indexOf(':') + 1).toLowerCase(Locale.ROOT);
        }
        if (token.startsWith("sha256:") || !TOKEN.matcher(token).matches()) {
            throw new IllegalArgumentException(
                    "the token of " + name
                            + " must be 16..512 visible ASCII characters without a comma, or sha256: and 64 hexadecimal digits");
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static ProxyConfig.TargetKey targetKey(String fieldName, String fieldValue) {
        if (!FIELD_NAME.matcher(fieldName).matches()) {
            throw new IllegalArgumentException(
                    "the header of the target's API key must be a field name (RFC 9110 §5.1), was " + fieldName);
        }
        if (isForMessage(fieldName)) {
            throw new IllegalArgumentException("the header of the target's API key must be one for credentials, was "
                    + fieldName
                    + ", which frames or routes the message");
        }
        if (!FIELD_VALUE.matcher(fieldValue).matches()) {
            throw new IllegalArgumentException(
                    "the target's API key must be visible ASCII characters on one line, and not empty");
        }
        return new ProxyConfig.TargetKey(fieldName, fieldValue);
    }

    /** Whether the proxy has to write a field by itself, or must not send it on (RFC 9110 §7.6.1, RFC 9112 §6). */
    private static boolean isForMessage(String fieldName) {
        String name = fieldName.toLowerCase(Locale.ROOT);
        return MESSAGE_FIELDS.contains(name) || name.startsWith("proxy-");
    }
}
