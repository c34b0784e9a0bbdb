package dev.aiproxy.internal;

import dev.aiproxy.ForwardRule;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Where requests go: to the proxy's own target, or to the host that the request names, if that is allowed.
 *
 * <p>Here names are judged; {@link CheckedAddresses} judges what they lead to.
 */
final class ForwardRules {

    private final List<ForwardRule> rules;
    private final Target own;

    ForwardRules(List<ForwardRule> rules, Target own) {
        this.rules = rules;
        this.own = own;
    }

    /**
     * Finds the way of a request.
     *
     * @param raw its head on the wire, if it could be told apart; else what Jetty parsed is judged alone
     * @param isAbsoluteForm whether its target is written as to a proxy
     */
    Route routeOf(Request request, @Nullable RawHead raw, boolean isAbsoluteForm) {
        boolean isHttp2 = request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2;
        if (request.getMethod().equals("CONNECT")) {
            // RFC 8441 has one for other protocols, which is not offered.
            boolean isExtended = isHttp2 && request.getHttpURI().getScheme() != null;
            boolean isPlain = raw == null || Authority.isAuthorityForm(raw.requestTarget());
            return isPlain && !isExtended ? tunnelRoute(request) : Route.malformed(own);
        }
        if (isHttp2) {
            return isElsewhere(request.getHttpURI()) ? absoluteRoute(request.getHttpURI()) : Route.to(own);
        }
        if (!isAbsoluteForm) {
            return Route.to(own);
        }
        boolean isPlain = raw == null || Authority.isAbsoluteForm(raw.requestTarget());
        return isPlain ? absoluteRoute(request.getHttpURI()) : Route.malformed(own);
    }

    /**
     * Whether a request in HTTP/2 is for another host. Its target has one form only, which does not tell a proxy from a
     * server; so only a host counts that a rule knows by more than {@code *}, which this proxy's own name fits as well.
     */
    private boolean isElsewhere(HttpURI uri) {
        boolean isSecure = "https".equalsIgnoreCase(uri.getScheme());
        Authority authority = Authority.of(uri, isSecure ? 443 : 80);
        return authority != null
                && !own.isAt(authority.host(), authority.port())
                && rules.stream()
                        .filter(rule -> !rule.host().equals("*"))
                        .anyMatch(rule -> rule.matches(authority.host(), authority.port()));
    }

    private Route tunnelRoute(Request request) {
        Authority authority = Authority.of(request.getHttpURI(), 0);
        // RFC 9110 §9.3.6: it has no content; what comes behind the head belongs to the tunnel.
        boolean hasBody = request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
        if (authority == null || hasBody) {
            return Route.malformed(own);
        }
        if (own.isAt(authority.host(), authority.port())) {
            return new Route(own, authority.toString(), null);
        }
        return elsewhere("http", authority, authority.toString());
    }

    private Route absoluteRoute(HttpURI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean isSecure = scheme.equals("https");
        Authority authority = Authority.of(uri, isSecure ? 443 : 80);
        if (authority == null || !isSecure && !scheme.equals("http")) {
            return Route.malformed(own);
        }
        // What was asked for under TLS never goes out without.
        if (own.isAt(authority.host(), authority.port()) && (own.isSecure() || !isSecure)) {
            return Route.to(own);
        }
        String origin = scheme + "://" + authority;
        return elsewhere(scheme, authority, origin + RequestTarget.originForm(uri));
    }

    private Route elsewhere(String scheme, Authority authority, String asked) {
        Target.Reach reach = reachOf(authority);
        if (reach == null) {
            // Not for the log: it may be anything, a key that was pasted into the wrong field included.
            return new Route(own, null, Failure.FORWARD_NOT_ALLOWED);
        }
        return new Route(Target.of(URI.create(scheme + "://" + authority), reach), asked, null);
    }

    private Target.@Nullable Reach reachOf(Authority authority) {
        if (own.isAt(authority.host(), authority.port())) {
            return Target.Reach.NAMED;
        }
        Target.Reach reach = null;
        for (ForwardRule rule : rules) {
            if (rule.matches(authority.host(), authority.port())) {
                if (rule.isOutright()) {
                    return Target.Reach.NAMED;
                }
                reach = Target.Reach.WILDCARD;
            }
        }
        return reach;
    }
}
