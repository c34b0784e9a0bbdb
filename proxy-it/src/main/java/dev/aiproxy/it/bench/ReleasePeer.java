package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Our proxy as the script of the release archive runs it: with the options and the classes that make it start fast. */
record ReleasePeer(Options options) implements Peer {
    @Override
    public String name() {
        return "ours-release";
    }

    @Override
    public Optional<String> version() {
        return Files.isExecutable(script()) ? Optional.of(script() + ", with access log") : Optional.empty();
    }

    private Path script() {
        return options.release().resolve("bin/ai-proxy");
    }

    @Override
    public Abilities abilities() {
        return Abilities.ALL;
    }

    @Override
    public boolean isJava() {
        return true;
    }

    /** Has it keep its classes first, beside the folders of the proxies; that takes time only once. */
    @Override
    public List<String> command(Setup setup) throws IOException {
        List<String> script = List.of(
                "env",
                "JAVA_HOME=" + System.getProperty("java.home"),
                "JAVA_OPTS=" + String.join(" ", options.jvmFlags()),
                "XDG_CACHE_HOME=" + setup.folder().resolveSibling("cache"),
                script().toString());
        List<String> prepare = new ArrayList<>(script);
        prepare.add("fast-start");
        Commands.output(prepare);
        List<String> command = new ArrayList<>(script);
        command.addAll(JavaPeer.runArguments(setup));
        return command;
    }
}
