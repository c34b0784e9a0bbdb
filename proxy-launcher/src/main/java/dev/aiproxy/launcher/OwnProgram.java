package dev.aiproxy.launcher;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;

/** The files this program is running from. */
final class OwnProgram {

    private OwnProgram() {}

    /** The {@code java} that runs it, absolute. */
    static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /**
     * The runnable jar, absolute.
     *
     * @throws VerbFailedException if it runs from anything else, as from an IDE
     */
    static Path jar() {
        return find().orElseThrow(() -> new VerbFailedException(
                "this verb starts other processes, which needs the runnable jar: java -jar proxy-launcher.jar"));
    }

    /** The same; empty if it runs from anything else. */
    static Optional<Path> find() {
        return codeSource().filter(Files::isRegularFile);
    }

    private static Optional<Path> codeSource() {
        CodeSource source = Main.class.getProtectionDomain().getCodeSource();
        try {
            return source == null
                    ? Optional.empty()
                    : Optional.of(Path.of(source.getLocation().toURI()).toAbsolutePath());
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
