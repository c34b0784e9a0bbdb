package dev.aiproxy.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** The tokens that open the door, known by their hashes only, and where clients put them. */
final class ProxyTokens {

    private static final Set<String> KEY_FIELDS = Set.of("x-api-key", "api-key", "x-goog-api-key");

    private record Token(String name, byte[] hash) {}

    private final List<Token> tokens = new ArrayList<>();

    /**
     * Takes the tokens over.
     *
     * @param hashesByName SHA-256 in hexadecimal
     */
    ProxyTokens(Map<String, String> hashesByName) {
        hashesByName.forEach(
                (name, hash) -> tokens.add(new Token(name, HexFormat.of().parseHex(hash))));
    }

    boolean isEmpty() {
        return tokens.isEmpty();
    }

    /** Whether a field is one by which clients say who they are. */
    static boolean isCredential(HttpField field) {
        return field.getHeader() == HttpHeader.AUTHORIZATION || KEY_FIELDS.contains(field.getLowerCaseName());
    }

    /** The name of the token in a field, if one of ours is in it. */
    Optional<String> nameOf(HttpField field) {
        String presented = presentedIn(field);
        if (presented == null || presented.isEmpty()) {
            return Optional.empty();
        }
        byte[] hash = sha256(presented);
        Optional<String> name = Optional.empty();
        // To the end, and each to its end: how long it takes tells nothing about the tokens.
        for (Token token : tokens) {
            if (MessageDigest.isEqual(token.hash(), hash)) {
                name = Optional.of(token.name());
            }
        }
        return name;
    }

    private static @Nullable String presentedIn(HttpField field) {
        String value = field.getValue();
        if (value == null) {
            return null;
        }
        if (field.getHeader() == HttpHeader.PROXY_AUTHORIZATION || field.getHeader() == HttpHeader.AUTHORIZATION) {
            return ofScheme(value);
        }
        return KEY_FIELDS.contains(field.getLowerCaseName()) ? value : null;
    }

    /** RFC 6750 §2.1 and RFC 7617 §2; the user of Basic may be anyone, the token is the password. */
    private static @Nullable String ofScheme(String value) {
        int space = value.indexOf(' ');
        if (space < 0) {
            return null;
        }
        String scheme = value.substring(0, space);
        String rest = value.substring(space + 1).trim();
        if (scheme.equalsIgnoreCase("Bearer")) {
            return rest;
        }
        return scheme.equalsIgnoreCase("Basic") ? password(rest) : null;
    }

    private static @Nullable String password(String userAndPassword) {
        try {
            String decoded = new String(Base64.getDecoder().decode(userAndPassword), StandardCharsets.UTF_8);
            int colon = decoded.indexOf(':');
            return colon < 0 ? null : decoded.substring(colon + 1);
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
