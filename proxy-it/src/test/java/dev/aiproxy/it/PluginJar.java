package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles a service installer and packs it, as whoever writes one does. */
final class PluginJar {
    private static final String SERVICE = "dev.aiproxy.service.ServiceInstaller";

    private final Path folder;
    private final Map<String, String> sources = new TreeMap<>();
    private final List<String> installers = new ArrayList<>();

    /** @param folder of its own, for sources and classes */
    PluginJar(Path folder) {
        this.folder = folder;
    }

    PluginJar source(String className, String text) {
        sources.put(className, text);
        return this;
    }

    /** Names a class in META-INF/services, whether or not it is there. */
    PluginJar installer(String className) {
        installers.add(className);
        return this;
    }

    /** Compiles against the runnable jar, or against modules if there is a module-info, and writes the jar. */
    void write(Path jar, String... compilerPath) throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        List<Path> files = new ArrayList<>();
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = folder.resolve("src").resolve(source.getKey().replace('.', '/') + ".java");
            Files.createDirectories(file.getParent());
            files.add(Files.writeString(file, source.getValue()));
        }
        if (!files.isEmpty()) {
            compile(files, classes, compilerPath);
        }
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.write(services.resolve(SERVICE), installers);
        Files.createDirectories(jar.getParent());
        pack(classes, jar);
    }

    private static void compile(List<Path> files, Path classes, String... compilerPath) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options = new ArrayList<>(List.of("--release", "17", "-Xlint:all", "-Werror", "-d"));
        options.add(classes.toString());
        options.addAll(List.of(compilerPath));
        StringWriter problems = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(
                            problems, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files))
                    .call();
            assertThat(compiled).as(problems.toString()).isTrue();
        }
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> found = Files.walk(classes)) {
            for (Path path : found.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(path).toString()));
                Files.copy(path, out);
            }
        }
    }
}
