/** Installs the proxy as a systemd service. */
@org.jspecify.annotations.NullMarked
module dev.aiproxy.service.linux {
    requires static transitive org.jspecify;
    requires transitive dev.aiproxy.core;

    exports dev.aiproxy.service.linux;

    provides dev.aiproxy.service.ServiceInstaller with
            dev.aiproxy.service.linux.SystemdInstaller;
}
