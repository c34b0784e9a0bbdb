package dev.aiproxy.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files a proxy has in its home, to be deleted for good. Only what it wrote itself counts, by name: a home may be any
 * folder, also one with other things in it.
 *
 * @param home absolute
 * @param config absolute
 */
record HomeFiles(Path home, Path config) {

    private static final String LOG_NAMES = "{proxy,access,console}{.log,.*.log,.*.log.gz}";

    /** Those that are there. */
    List<Path> found() {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(logDir(), LOG_NAMES)) {
            logs.forEach(files::add);
        } catch (IOException noSuchFolder) {
            files.clear();
        }
        files.add(home.resolve(StateFile.NAME));
        files.add(home.resolve(ReloadFile.NAME));
        files.add(home.resolve(StateFile.NEXT_NAME));
        files.add(config);
        return files.stream().filter(Files::isRegularFile).toList();
    }

    private Path logDir() {
        try {
            return new SettingsLoader(home, Map.of())
                    .load(new GivenFlags(Optional.of(home), Optional.of(config), Map.of()))
                    .get(ConfigKey.LOG_DIR);
        } catch (InvalidSettingsException damagedConfig) {
            return home.resolve(ConfigKey.LOG_DIR.defaultText());
        }
    }

    /** @throws VerbFailedException if a proxy uses them, or one cannot be deleted */
    void delete(PrintStream out) {
        HomeProxy proxy = new HomeProxy(home);
        Stream.concat(Stream.of(proxy), proxy.predecessors().stream())
                .map(HomeProxy::state)
                .filter(ProxyState::isRunning)
                .findFirst()
                .ifPresent(state -> {
                    throw new VerbFailedException(HomeProxy.name(state) + " runs in " + home + "; stop it first");
                });
        Path logs = logDir();
        for (Path file : found()) {
            try {
                Files.deleteIfExists(file);
                out.println("deleted " + file);
            } catch (IOException e) {
                throw new VerbFailedException("cannot delete " + file, e);
            }
        }
        deleteIfEmpty(logs);
    }

    private static void deleteIfEmpty(Path folder) {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException hasOtherThings) {
            // Then it is not only ours.
        } catch (IOException e) {
            throw new VerbFailedException("cannot delete " + folder, e);
        }
    }
}
