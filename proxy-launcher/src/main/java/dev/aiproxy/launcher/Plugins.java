package dev.aiproxy.launcher;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The jars that somebody has put into a folder {@code plugins} beside this program. They share one class loader, so a
 * plugin may bring libraries along. It works the same whether the program is a module or not, since what is named in
 * {@code META-INF/services} of a class loader is found either way.
 */
final class Plugins {

    private static final String FOLDER = "plugins";

    /** In the release archive the jar stands in this folder, and the plugins beside that. */
    private static final String FOLDER_OF_JAR = "lib";

    private Plugins() {}

    /**
     * A loader of the plugins of this program, on top of its own classes.
     *
     * @param say takes a line for each jar that is broken
     */
    static ClassLoader loader(Consumer<String> say) {
        List<Path> folders = OwnProgram.find().map(Plugins::folders).orElse(List.of());
        return loader(folders, say);
    }

    /** The same for any folders; those that are not there are passed over. */
    static ClassLoader loader(List<Path> folders, Consumer<String> say) {
        URL[] jars = folders.stream()
                .filter(Files::isDirectory)
                .flatMap(folder -> jars(folder, say))
                .flatMap(jar -> url(jar, say).stream())
                .toArray(URL[]::new);
        ClassLoader own = Plugins.class.getClassLoader();
        return jars.length == 0 ? own : new URLClassLoader("plugins", jars, own);
    }

    private static List<Path> folders(Path jar) {
        Path folder = jar.getParent();
        List<Path> folders = new ArrayList<>(List.of(folder.resolve(FOLDER)));
        if (folder.endsWith(FOLDER_OF_JAR)) {
            folders.add(folder.resolveSibling(FOLDER));
        }
        return folders;
    }

    /** In the order of their names, so that it is the same everywhere. */
    private static Stream<Path> jars(Path folder, Consumer<String> say) {
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.jar")) {
            found.forEach(jars::add);
        } catch (IOException e) {
            say.accept("passing over the plugins in " + folder + ": " + e);
        }
        return jars.stream().sorted();
    }

    /** Opens it to see whether it is one: the class loader would pass over a damaged jar without a word. */
    private static Optional<URL> url(Path jar, Consumer<String> say) {
        try (JarFile opened = new JarFile(jar.toFile())) {
            return Optional.of(Path.of(opened.getName()).toUri().toURL());
        } catch (MalformedURLException e) {
            throw new IllegalStateException("a file has no URL: " + jar, e);
        } catch (IOException e) {
            say.accept("passing over the broken plugin " + jar + ": " + e.getMessage());
            return Optional.empty();
        }
    }
}
