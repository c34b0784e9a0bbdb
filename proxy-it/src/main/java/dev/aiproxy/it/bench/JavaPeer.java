package dev.aiproxy.it.bench;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A proxy of Java: all get the same JVM and the same flags. */
record JavaPeer(String name, Optional<String> version, Program program) implements Peer {
    /** Our jar, run as its users run it. */
    static JavaPeer ours(Options options) {
        return ours(options, "ours", options.readsAnswers());
    }

    /** The same, but that it does not read what passes. */
    static JavaPeer oursWithoutInsight(Options options) {
        return ours(options, "ours-insight-off", false);
    }

    private static JavaPeer ours(Options options, String name, boolean readsAnswers) {
        String text = "proxy-launcher.jar, with access log" + (readsAnswers ? "" : ", AI_INSIGHT=off");
        Optional<String> version = Files.exists(options.jar()) ? Optional.of(text) : Optional.empty();
        return new JavaPeer(name, version, setup -> {
            List<String> command = new ArrayList<>(List.of("-jar", options.jar().toString()));
            command.addAll(runArguments(setup));
            if (!readsAnswers) {
                command.addAll(List.of("--ai-insight", "off"));
            }
            return command;
        });
    }

    /** What our program is told, however it is started. */
    static List<String> runArguments(Setup setup) {
        List<String> arguments =
                new ArrayList<>(List.of("run", "--home", setup.folder().toString()));
        arguments.addAll(List.of("--listen-host", "127.0.0.1", "--listen-port", Integer.toString(setup.port())));
        arguments.addAll(List.of("--target-host", "127.0.0.1"));
        arguments.addAll(List.of("--target-port", Integer.toString(setup.upstreamPort())));
        arguments.addAll(List.of("--target-protocol", setup.scheme()));
        setup.tls()
                .ifPresent(certificates -> arguments.addAll(
                        List.of("--target-ca-file", certificates.certificate().toString())));
        return arguments;
    }

    /** A main class of this package, which takes the port and the upstream's URI. */
    static JavaPeer ofThisProgram(String name, String version, Class<?> main) {
        return new JavaPeer(name, Optional.of(version), setup -> {
            List<String> command = new ArrayList<>(JavaCommand.ofThisProgram(main));
            command.addAll(List.of(Integer.toString(setup.port()), setup.upstream()));
            return command;
        });
    }

    @Override
    public boolean isJava() {
        return true;
    }

    @Override
    public List<String> command(Setup setup) {
        List<String> command = new ArrayList<>(List.of(JavaCommand.path()));
        command.addAll(setup.options().jvmFlags());
        setup.tls()
                .ifPresent(certificates -> command.addAll(List.of(
                        "-Djavax.net.ssl.trustStore=" + certificates.trustStore(),
                        "-Djavax.net.ssl.trustStoreType=PKCS12",
                        "-Djavax.net.ssl.trustStorePassword=" + Certificates.PASSWORD)));
        command.addAll(program.arguments(setup));
        return command;
    }

    /** What comes after the flags of the JVM. */
    interface Program {
        List<String> arguments(Setup setup);
    }
}
