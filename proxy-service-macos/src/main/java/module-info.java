/** Installs the proxy as a service on macos. */
@org.jspecify.annotations.NullMarked
module dev.aiproxy.service.macos {
    requires static transitive org.jspecify;
    requires dev.aiproxy.core;
}
