package dev.aiproxy.internal;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** The request target as the client wrote it. */
final class RequestTarget {

    private static final Pattern SERVER_ALONE = Pattern.compile("https?://[^/?#]+", Pattern.CASE_INSENSITIVE);

    private RequestTarget() {}

    /**
     * Path and query, one character a byte, ready to be written as ISO-8859-1. Absolute-form becomes origin-form, since
     * the upstream is an origin server (RFC 9112 §3.2.1).
     */
    static String originForm(HttpURI uri) {
        String target = writtenForm(uri);
        return isAscii(target)
                ? target
                : new String(target.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** The same for a whole request: in HTTP/2, Jetty takes each byte for a character. */
    static String originForm(Request request) {
        boolean isHttp2 = request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2;
        return isHttp2 ? writtenForm(request.getHttpURI()) : originForm(request.getHttpURI());
    }

    /**
     * The target that goes to the server which it names.
     *
     * @param raw the request's head on the wire; Jetty makes a slash of no path
     */
    static String sentForm(Request request, @Nullable RawHead raw) {
        boolean isOptions = raw != null && request.getMethod().equals("OPTIONS");
        return isOptions && namesServerAlone(raw.requestTarget()) ? "*" : originForm(request);
    }

    /** RFC 9112 §3.2.4: with OPTIONS, an absolute-form that has neither path nor query means the server as a whole. */
    static boolean namesServerAlone(String written) {
        return SERVER_ALONE.matcher(written).matches();
    }

    private static String writtenForm(HttpURI uri) {
        String target = uri.getPathQuery();
        if (target == null || target.isEmpty()) {
            return "/";
        }
        if (target.startsWith("?")) {
            target = "/" + target;
        }
        String fragment = uri.getFragment();
        return fragment == null ? target : target + "#" + fragment;
    }

    /** The same with what an HTTP proxy must know in front of it (RFC 9112 §3.2.2, and §3.2.4 for the asterisk). */
    static String absoluteForm(Request request, @Nullable RawHead raw, Target target) {
        String sentForm = sentForm(request, raw);
        return sentForm.equals("*") ? target.origin() : target.origin() + sentForm;
    }

    /**
     * Whether bytes of the target got lost: Jetty decodes it as UTF-8 and puts the replacement character where it is none.
     */
    static boolean isLossy(HttpURI uri) {
        String target = uri.getPathQuery();
        return target != null && target.indexOf('\uFFFD') >= 0;
    }

    /**
     * Whether a target in origin-form holds a control character. Jetty refuses all of them but DEL, which no grammar allows
     * either (RFC 3986 §2).
     */
    static boolean hasControl(String target) {
        for (int i = 0; i < target.length(); i++) {
            char letter = target.charAt(i);
            if (letter <= ' ' || letter == 0x7f) {
                return true;
            }
        }
        return false;
    }

    /** The path of a target in origin-form, as it may be logged. */
    static String loggedPath(String target) {
        int end = target.indexOf('?');
        return end < 0 ? target : target.substring(0, end);
    }

    /** The query's parameter names with their values left out, for {@code key=secret} must not reach a log. */
    static String loggedQuery(String target) {
        int begin = target.indexOf('?');
        if (begin < 0) {
            return "";
        }
        StringBuilder names = new StringBuilder("?");
        for (String parameter : target.substring(begin + 1).split("&", -1)) {
            if (names.length() > 1) {
                names.append('&');
            }
            int equals = parameter.indexOf('=');
            // Without "=" the whole parameter may be a secret.
            names.append(equals < 0 ? "" : parameter.substring(0, equals + 1));
        }
        return names.toString();
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7f) {
                return false;
            }
        }
        return true;
    }
}
