package dev.aiproxy.service;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The service to be installed.
 *
 * @param name name of the service, such as {@code ai-proxy}: ASCII letters, digits, {@code .}, {@code _} and {@code -},
 *     beginning with a letter or digit, so that it can name files and services everywhere
 * @param scope for whom it is installed
 * @param java absolute path of the {@code java} program
 * @param javaOptions options of the JVM
 * @param jar absolute path of the launcher's jar
 * @param config absolute path of config.env
 * @param home absolute path of the folder the proxy works in
 * @param userHome absolute path of the home folder of the user who installs
 * @param uid number of the user who installs; it is here, not looked up by an installer, so that a plan says exactly
 *     whose service manager it changes, whoever prints or applies it
 * @param socket where the service manager is to listen, and hand the socket over to the service as its standard input;
 *     empty if the service listens by itself
 */
public record ServiceSpec(
        String name,
        Scope scope,
        Path java,
        List<String> javaOptions,
        Path jar,
        Path config,
        Path home,
        Path userHome,
        long uid,
        Optional<InetSocketAddress> socket) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    /** For whom a service is installed. */
    public enum Scope {
        /** For the whole machine: needs root, starts at boot. */
        SYSTEM,
        /** For the user who installs: needs no root. */
        USER
    }

    /**
     * Copies the options.
     *
     * @throws IllegalArgumentException if the name has other characters, a path is not absolute or the uid is negative
     */
    public ServiceSpec {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "name must be letters, digits, '.', '_' and '-' after a letter or digit, was " + name);
        }
        requireAbsolute("java", java);
        requireAbsolute("jar", jar);
        requireAbsolute("config", config);
        requireAbsolute("home", home);
        requireAbsolute("userHome", userHome);
        if (uid < 0) {
            throw new IllegalArgumentException("uid must not be negative, was " + uid);
        }
        javaOptions = List.copyOf(javaOptions);
    }

    /** A service that listens by itself. */
    public ServiceSpec(
            String name,
            Scope scope,
            Path java,
            List<String> javaOptions,
            Path jar,
            Path config,
            Path home,
            Path userHome,
            long uid) {
        this(name, scope, java, javaOptions, jar, config, home, userHome, uid, Optional.empty());
    }

    /**
     * The same service, for which the service manager listens.
     *
     * @param address resolved
     */
    public ServiceSpec withSocket(InetSocketAddress address) {
        return new ServiceSpec(name, scope, java, javaOptions, jar, config, home, userHome, uid, Optional.of(address));
    }

    private static void requireAbsolute(String what, Path path) {
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException(what + " must be an absolute path, was " + path);
        }
    }
}
