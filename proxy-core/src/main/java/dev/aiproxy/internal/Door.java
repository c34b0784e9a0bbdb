package dev.aiproxy.internal;

import dev.aiproxy.ProxyConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.InetAddressSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may use the proxy: by the address of the client, by a token, or both. Open to everyone unless told otherwise.
 *
 * <p>A token counts wherever clients can put one: in {@code Proxy-Authorization} as a proxy's, and as the API key that
 * an SDK sends. One that opened the door ends here, for it is no business of the upstream.
 */
final class Door {

    private static final Visitor ANYONE = new Visitor(Optional.empty(), null, null);

    private final InetAddressSet allowedClients = new InetAddressSet();
    private final ProxyTokens tokens;
    private final FailedAttempts failedAttempts;

    /** @param failedAttempts counts them for as long as the proxy runs, whatever opens the door meanwhile */
    Door(ProxyConfig.Access access, FailedAttempts failedAttempts) {
        allowedClients.addAll(access.allowedClients());
        tokens = new ProxyTokens(access.tokenHashes());
        this.failedAttempts = failedAttempts;
    }

    FailedAttempts failedAttempts() {
        return failedAttempts;
    }

    /**
     * Who has come.
     *
     * @param name what its token is called, if there was one
     * @param refusal why it may not come in, if it may not
     * @param spent the field with the token that opened the door, which ends here
     */
    record Visitor(
            Optional<String> name,
            @Nullable Failure refusal,
            @Nullable HttpField spent) {}

    /**
     * Looks at a request, which has not been touched yet.
     *
     * @param isProxied whether the client takes this for its proxy, and not for the server
     */
    Visitor admit(Request request, boolean isProxied) {
        if (allowedClients.isEmpty() && tokens.isEmpty()) {
            return ANYONE;
        }
        InetAddress client = addressOf(request);
        if (!allowedClients.isEmpty() && !allowedClients.test(client)) {
            return refused(Failure.CLIENT_NOT_ALLOWED);
        }
        if (tokens.isEmpty()) {
            return ANYONE;
        }
        for (HttpField field : request.getHeaders()) {
            Optional<String> name = tokens.nameOf(field);
            if (name.isPresent()) {
                return new Visitor(name, null, field);
            }
        }
        if (failedAttempts.isOneTooMany(client)) {
            return refused(Failure.TOO_MANY_ATTEMPTS);
        }
        return refused(isProxied ? Failure.PROXY_TOKEN_REQUIRED : Failure.TOKEN_REQUIRED);
    }

    private static Visitor refused(Failure refusal) {
        return new Visitor(Optional.empty(), refusal, null);
    }

    private static @Nullable InetAddress addressOf(Request request) {
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress address
                ? address.getAddress()
                : null;
    }
}
