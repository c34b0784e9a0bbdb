package dev.aiproxy.launcher;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.List;

/** The spans that have been made and not been taken yet, less those that the sampler leaves out. For one thread. */
final class FinishedSpans implements SpanProcessor {

    private List<SpanData> spans = new ArrayList<>();

    List<SpanData> take() {
        List<SpanData> taken = spans;
        spans = new ArrayList<>();
        return taken;
    }

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
        // Nobody asks for it, see above.
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        if (span.getSpanContext().isSampled()) {
            spans.add(span.toSpanData());
        }
    }
}
