/** Installs the proxy as a launchd agent or daemon. */
@org.jspecify.annotations.NullMarked
module dev.aiproxy.service.macos {
    requires static transitive org.jspecify;
    requires transitive dev.aiproxy.core;

    exports dev.aiproxy.service.macos;

    provides dev.aiproxy.service.ServiceInstaller with
            dev.aiproxy.service.macos.LaunchdInstaller;
}
