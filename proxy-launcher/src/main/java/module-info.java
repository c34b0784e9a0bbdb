/** The command line of the proxy. */
@org.jspecify.annotations.NullMarked
// The jars of Prometheus and OpenTelemetry name their modules, but do not describe them.
@SuppressWarnings("requires-automatic")
module dev.aiproxy.launcher {
    requires static transitive org.jspecify;
    requires ch.qos.logback.classic;
    requires ch.qos.logback.core;
    requires dev.aiproxy.core;
    requires info.picocli;
    requires io.opentelemetry.api;
    requires io.opentelemetry.context;
    requires io.opentelemetry.exporter.internal;
    requires io.opentelemetry.exporter.otlp;
    requires io.opentelemetry.sdk.common;
    requires io.opentelemetry.sdk.trace;
    requires io.prometheus.metrics.core;
    requires io.prometheus.metrics.instrumentation.jvm;
    requires io.prometheus.metrics.model;
    requires io.prometheus.writer.text;
    requires java.logging;
    requires java.management;
    requires java.net.http;
    requires jdk.httpserver;
    requires jdk.management;
    requires jdk.unsupported;
    requires org.apache.commons.configuration2;
    requires org.eclipse.jetty.http;
    requires org.eclipse.jetty.server;
    requires org.eclipse.jetty.util;
    requires org.slf4j;

    // picocli reads the annotations of the verbs by reflection.
    opens dev.aiproxy.launcher to
            info.picocli;

    uses dev.aiproxy.service.ServiceInstaller;

    // The jar with everything in it has no modules: META-INF/services says the same there.
    provides ch.qos.logback.classic.spi.Configurator with
            dev.aiproxy.launcher.LogbackSetup;
}
