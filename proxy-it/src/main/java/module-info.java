/** A scriptable upstream, raw clients, and the benchmark. */
@org.jspecify.annotations.NullMarked
module dev.aiproxy.it {
    requires static transitive org.jspecify;
    // Jetty as it comes is one of the benchmark's peers.
    requires static org.eclipse.jetty.client;
    requires static org.eclipse.jetty.ee10.proxy;
    requires static org.eclipse.jetty.ee10.servlet;
    requires static org.eclipse.jetty.http2.server;
    requires static org.eclipse.jetty.proxy;
    requires static org.eclipse.jetty.server;

    exports dev.aiproxy.it;
}
