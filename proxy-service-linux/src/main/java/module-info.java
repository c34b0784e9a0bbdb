/** Installs the proxy as a service on linux. */
@org.jspecify.annotations.NullMarked
module dev.aiproxy.service.linux {
    requires static transitive org.jspecify;
    requires dev.aiproxy.core;
}
