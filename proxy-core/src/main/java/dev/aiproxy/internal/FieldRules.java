package dev.aiproxy.internal;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * Which header fields go on to the other side: all, in their order and with their case, except those that concern one
 * connection only.
 */
final class FieldRules {

    private FieldRules() {}

    /**
     * Whether a field ends at this proxy.
     *
     * @param nominated see {@link #nominatedByConnection}
     */
    static boolean isHopByHop(HttpField field, Set<String> nominated) {
        HttpHeader header = field.getHeader();
        if (header == null) {
            return isNominated(field, nominated);
        }
        return switch (header) {
            // RFC 9110 §7.6.1, and §11.7 for the two that speak to the next proxy only.
            case CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, TE, UPGRADE, PROXY_AUTHORIZATION, PROXY_AUTHENTICATE -> true;
            // They frame the message or route it; a sender cannot have them taken off by naming them in Connection.
            case CONTENT_LENGTH, TRANSFER_ENCODING, HOST -> false;
            default -> isNominated(field, nominated);
        };
    }

    private static boolean isNominated(HttpField field, Set<String> nominated) {
        return !nominated.isEmpty() && nominated.contains(field.getLowerCaseName());
    }

    /** Lower-case names of the fields that Connection names: they end here, too (RFC 9110 §7.6.1). */
    static Set<String> nominatedByConnection(HttpFields fields) {
        Set<String> nominated = Set.of();
        for (HttpField field : fields) {
            String value = field.getValue();
            if (field.getHeader() != HttpHeader.CONNECTION || value == null) {
                continue;
            }
            // Options are tokens: Jetty's own list knows quotes, and throws where they do not match.
            for (String option : value.split(",")) {
                String name = option.trim().toLowerCase(Locale.ROOT);
                if (name.isEmpty() || name.equals("close") || name.equals("keep-alive")) {
                    continue;
                }
                if (nominated.isEmpty()) {
                    nominated = new HashSet<>();
                }
                nominated.add(name);
            }
        }
        return nominated;
    }

    /** The trailers that may go on: none that frames or routes a message or names its sender (RFC 9110 §6.5.1). */
    static HttpFields trailers(@Nullable HttpFields trailers) {
        if (trailers == null || trailers.size() == 0) {
            return HttpFields.EMPTY;
        }
        HttpFields.Mutable kept = HttpFields.build();
        for (HttpField field : trailers) {
            if (!isHopByHop(field, Set.of()) && !isForbiddenInTrailers(field.getHeader())) {
                kept.add(field);
            }
        }
        return kept;
    }

    private static boolean isForbiddenInTrailers(@Nullable HttpHeader header) {
        if (header == null) {
            return false;
        }
        return switch (header) {
            case CONTENT_LENGTH,
                    TRANSFER_ENCODING,
                    HOST,
                    TRAILER,
                    EXPECT,
                    AUTHORIZATION,
                    COOKIE,
                    SET_COOKIE,
                    CONTENT_ENCODING,
                    CONTENT_TYPE,
                    CONTENT_RANGE -> true;
            default -> false;
        };
    }
}
