package dev.aiproxy.launcher;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Makes a home: a config.env to edit, and the certainty that the rest is there. */
@Command(
        name = "setup",
        description = "Writes a config.env with every setting in it, and checks that the proxy could start.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        footer = {
            "",
            "Flags of settings are written into config.env. A config.env that is there already is never changed.",
            "",
            "Examples:",
            "  " + Verbs.PROGRAM + " setup",
            "  " + Verbs.PROGRAM + " setup --target https://api.anthropic.com --listen-host 127.0.0.1",
            "  " + Verbs.PROGRAM + " setup --home /srv/ai-proxy --target http://localhost:11434"
        })
final class SetupCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec;

    @Option(
            names = TargetFlag.NAME,
            paramLabel = "URL",
            description = "the AI server, in place of --target-protocol, --target-host and --target-port")
    private Optional<String> target = Optional.empty();

    SetupCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        ParseResult parsed = spec.commandLine().getParseResult();
        GivenFlags given = SettingFlags.given(parsed);
        Map<String, SettingText> chosen = new LinkedHashMap<>(given.values());
        target.ifPresent(url -> chosen.putAll(TargetFlag.settings(url)));
        GivenFlags flags = new GivenFlags(given.home(), Optional.empty(), chosen);
        Path home = surroundings
                .workingFolder()
                .toAbsolutePath()
                .resolve(given.home().orElse(Path.of("")))
                .normalize();
        Settings settings =
                Files.exists(home.resolve(SettingsLoader.CONFIG_FILE)) ? existing(home, flags) : create(home, flags);
        if (!new Readiness(settings, surroundings.out()).report()) {
            return ExitCode.FAILED;
        }
        SharedClasses.of(surroundings.environment())
                .filter(SharedClasses::makeUnlessThere)
                .ifPresent(classes -> surroundings.out().println("ok: fast start, by " + classes.file()));
        surroundings.out().println("next: " + surroundings.program() + " start --home " + settings.home());
        return ExitCode.OK;
    }

    private Settings existing(Path home, GivenFlags flags) {
        Settings settings = surroundings.loader().load(new GivenFlags(Optional.of(home), Optional.empty(), Map.of()));
        flags.values().forEach((name, wanted) -> {
            SettingText there = settings.written(ConfigKey.named(name).orElseThrow());
            if (!there.text().equals(wanted.text())) {
                throw new VerbFailedException(
                        "config.env is there already and is left as it is: %s: %s is '%s', not '%s'; change it there, or give another --home"
                                .formatted(
                                        there.origin(), name, Shown.value(there.text()), Shown.value(wanted.text())));
            }
        });
        surroundings.out().println("kept " + home.resolve(SettingsLoader.CONFIG_FILE) + ", which was there already");
        return settings;
    }

    private Settings create(Path home, GivenFlags flags) {
        boolean isNew = Files.notExists(home);
        try {
            Files.createDirectories(home);
            Settings settings = load(home, isNew, flags);
            write(
                    home.resolve(SettingsLoader.CONFIG_FILE),
                    ConfigTemplate.render(surroundings.program(), flags.values()));
            return settings;
        } catch (FileSystemException e) {
            String reason =
                    Optional.ofNullable(e.getReason()).map(text -> ": " + text).orElse("");
            throw new VerbFailedException("cannot write " + e.getFile() + reason + "; choose another --home", e);
        } catch (IOException e) {
            throw new VerbFailedException(
                    "cannot write in " + home + ": " + e.getMessage() + "; choose another --home", e);
        }
    }

    /** Leaves no folder behind if the settings are wrong. */
    private Settings load(Path home, boolean isNew, GivenFlags flags) throws IOException {
        try {
            return surroundings.loader().load(flags);
        } catch (InvalidSettingsException e) {
            if (isNew) {
                Files.delete(home);
            }
            throw e;
        }
    }

    /** For its owner alone, since there may be keys in it one day. */
    private void write(Path file, String text) throws IOException {
        FileAttribute<?>[] owner =
                file.getFileSystem().supportedFileAttributeViews().contains("posix")
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                        }
                        : new FileAttribute<?>[0];
        try (SeekableByteChannel channel =
                Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner)) {
            Channels.newOutputStream(channel).write(text.getBytes(StandardCharsets.UTF_8));
        } catch (FileSystemException notMade) {
            throw notMade;
        } catch (IOException half) {
            // The next setup would keep it.
            Files.deleteIfExists(file);
            throw half;
        }
        surroundings.out().println("created " + file);
    }
}
