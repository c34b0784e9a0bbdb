package dev.aiproxy.it.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A proxy of Java: all get the same JVM and the same flags. */
record JavaPeer(String name, Optional<String> version, Abilities abilities, Program program) implements Peer {
    /** Our jar, run as its users run it. */
    static JavaPeer ours(Options options) {
        return ours("ours", options.jar(), options.readsAnswers(), List.of());
    }

    /** The same, with one thing changed, for each that is asked for. */
    static List<JavaPeer> variants(Options options) {
        List<JavaPeer> variants = new ArrayList<>();
        if (options.comparesInsight()) {
            variants.add(ours("ours-insight-off", options.jar(), false, List.of()));
        }
        options.jarBefore().ifPresent(jar -> variants.add(ours("ours-before", jar, options.readsAnswers(), List.of())));
        if (!options.otherFlags().isEmpty()) {
            variants.add(ours("ours-other-flags", options.jar(), options.readsAnswers(), options.otherFlags()));
        }
        return variants;
    }

    private static JavaPeer ours(String name, Path jar, boolean readsAnswers, List<String> flags) {
        String text = jar.getFileName() + ", with access log" + (readsAnswers ? "" : ", AI_INSIGHT=off")
                + flags.stream().map(flag -> " " + flag).collect(Collectors.joining());
        Optional<String> version = Files.exists(jar) ? Optional.of(text) : Optional.empty();
        return new JavaPeer(name, version, Abilities.ALL, setup -> {
            List<String> command = new ArrayList<>(flags);
            command.addAll(List.of("-jar", jar.toString()));
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
        if (setup.options().http2Upstream()) {
            arguments.addAll(List.of("--target-http-version", "2"));
        }
        return arguments;
    }

    /** A main class of this package, which takes the port and the upstream's URI, and asks the upstream in HTTP/1.1. */
    static JavaPeer ofThisProgram(String name, String version, Class<?> main) {
        return new JavaPeer(name, Optional.of(version), new Abilities(true, false), setup -> {
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
