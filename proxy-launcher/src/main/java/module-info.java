/** The command line of the proxy. */
@org.jspecify.annotations.NullMarked
module dev.aiproxy.launcher {
    requires static transitive org.jspecify;
    requires dev.aiproxy.core;

    uses dev.aiproxy.service.ServiceInstaller;
}
