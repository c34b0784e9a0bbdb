package dev.aiproxy.service;

import java.nio.file.Path;
import java.util.List;

/**
 * The service to be installed.
 *
 * @param name name of the service, such as {@code ai-proxy}
 * @param scope for whom it is installed
 * @param java absolute path of the {@code java} program
 * @param javaOptions options of the JVM
 * @param jar absolute path of the launcher's jar
 * @param config absolute path of config.env
 * @param home absolute path of the folder the proxy works in
 * @param userHome absolute path of the home folder of the user who installs
 */
public record ServiceSpec(
        String name,
        Scope scope,
        Path java,
        List<String> javaOptions,
        Path jar,
        Path config,
        Path home,
        Path userHome) {

    /** For whom a service is installed. */
    public enum Scope {
        /** For the whole machine: needs root, starts at boot. */
        SYSTEM,
        /** For the user who installs: needs no root. */
        USER
    }

    /** Copies the options. */
    public ServiceSpec {
        javaOptions = List.copyOf(javaOptions);
    }
}
