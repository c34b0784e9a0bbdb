package dev.aiproxy.launcher;

import io.opentelemetry.sdk.trace.samplers.Sampler;

/** What decides which traces are told of, by its name in OpenTelemetry's specification. */
final class TraceSampler {

    private TraceSampler() {}

    static Sampler of(TraceSettings settings) {
        return switch (settings.sampler()) {
            case "always_on" -> Sampler.alwaysOn();
            case "always_off" -> Sampler.alwaysOff();
            case "traceidratio" -> Sampler.traceIdRatioBased(settings.ratio());
            case "parentbased_always_off" -> Sampler.parentBased(Sampler.alwaysOff());
            case "parentbased_traceidratio" -> Sampler.parentBased(Sampler.traceIdRatioBased(settings.ratio()));
            default -> Sampler.parentBased(Sampler.alwaysOn());
        };
    }
}
