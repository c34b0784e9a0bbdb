/** The AI forward proxy as a library: {@link dev.aiproxy.ForwardProxy} is the way in. */
@org.jspecify.annotations.NullMarked
module dev.aiproxy.core {
    requires static transitive org.jspecify;
    requires jakarta.servlet;
    requires org.eclipse.jetty.client;
    requires org.eclipse.jetty.ee10.proxy;
    requires org.eclipse.jetty.ee10.servlet;
    requires org.eclipse.jetty.http2.client;
    requires org.eclipse.jetty.http2.hpack;
    requires org.eclipse.jetty.http2.server;
    requires org.eclipse.jetty.server;
    requires org.slf4j;

    exports dev.aiproxy;
    exports dev.aiproxy.service;
}
