package dev.aiproxy.internal;

import dev.aiproxy.TraceContext;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the fields of W3C Trace Context, and finds out what goes upstream in their place. For any threads. */
final class TraceFields {

    /** Upstream's name of the field, where the client has not spelt one. */
    static final String TRACEPARENT = "traceparent";

    private static final String TRACESTATE = "tracestate";

    private static final Logger logger = LoggerFactory.getLogger(TraceFields.class);

    /** W3C Trace Context §3.2: the only version there is; an identifier of zeros is none. */
    private static final Pattern VERSION_00 =
            Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private final @Nullable Function<TraceContext, String> propagation;
    private final AtomicBoolean hasFailed = new AtomicBoolean();

    /** @param propagation chooses what goes upstream; without it, all goes on as it came */
    TraceFields(@Nullable Function<TraceContext, String> propagation) {
        this.propagation = propagation;
    }

    TraceContext contextOf(HttpFields fields) {
        TraceContext received = received(fields);
        return propagation == null ? received : propagated(received, propagation);
    }

    private static TraceContext received(HttpFields fields) {
        String parent = null;
        String state = null;
        boolean isAmbiguous = false;
        for (HttpField field : fields) {
            // Jetty knows most names, and none of these.
            if (field.getHeader() != null || field.getValue() == null) {
                continue;
            }
            if (isTraceparent(field)) {
                isAmbiguous = parent != null;
                parent = field.getValue();
            } else if (field.getName().equalsIgnoreCase(TRACESTATE)) {
                state = state == null ? field.getValue() : state + "," + field.getValue();
            }
        }
        if (parent == null && state == null) {
            return TraceContext.NONE;
        }
        return new TraceContext(
                isAmbiguous ? Optional.empty() : Optional.ofNullable(parent),
                Optional.ofNullable(state),
                Optional.empty());
    }

    static boolean isTraceparent(HttpField field) {
        return field.getName().equalsIgnoreCase(TRACEPARENT);
    }

    private TraceContext propagated(TraceContext received, Function<TraceContext, String> chooser) {
        try {
            String chosen = chooser.apply(received);
            if (!VERSION_00.matcher(chosen).matches()) {
                throw new IllegalArgumentException("what was chosen is no traceparent of version 00");
            }
            return new TraceContext(received.traceparent(), received.tracestate(), Optional.of(chosen));
        } catch (Throwable e) {
            // Not only what Java lets it throw: other languages know no checked exceptions.
            if (hasFailed.compareAndSet(false, true)) {
                logger.warn("no traceparent for the upstream, clients' go on as they came; told once", e);
            }
            return received;
        }
    }
}
