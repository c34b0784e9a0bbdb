package dev.aiproxy.internal;

import dev.aiproxy.ProxyConfig;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the fields by which a client says who it is: they go on, unless one was for this proxy, or the proxy has
 * a key of its own for the upstream.
 *
 * @param spent the field that was for this proxy, if there was one
 * @param ownKey what goes upstream instead of all that the client sent
 */
record Credentials(@Nullable HttpField spent, Optional<ProxyConfig.TargetKey> ownKey) {

    static final Credentials UNTOUCHED = new Credentials(null, Optional.empty());

    /** Whether a field ends here. */
    // The very field, and not another one that says the same.
    boolean endsHere(HttpField field) {
        return field == spent || ownKey.isPresent() && (ProxyTokens.isCredential(field) || isOwnKey(field));
    }

    private boolean isOwnKey(HttpField field) {
        return field.getName().equalsIgnoreCase(ownKey.orElseThrow().fieldName());
    }
}
