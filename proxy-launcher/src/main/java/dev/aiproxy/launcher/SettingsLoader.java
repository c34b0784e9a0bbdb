package dev.aiproxy.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.configuration2.CompositeConfiguration;
import org.apache.commons.configuration2.MapConfiguration;

/**
 * Finds the settings in effect: a flag counts over the environment, that over config.env, that over the default.
 *
 * <p>The layers hold {@link SettingText}s, not strings. So commons-configuration decides which layer counts and carries
 * the origin along, but never touches a text: it neither splits it at commas nor substitutes what looks like
 * <code>${env:X}</code> or <code>${file:...}</code>, which in a key or password would be chance.
 */
final class SettingsLoader {

    static final String CONFIG_FILE = "config.env";
    private static final String HTTP_PORT = "80";

    private final Path workingFolder;
    private final Map<String, String> environment;

    SettingsLoader(Path workingFolder, Map<String, String> environment) {
        this.workingFolder = workingFolder.toAbsolutePath().normalize();
        this.environment = Map.copyOf(environment);
    }

    /**
     * Reads and checks every setting.
     *
     * @throws InvalidSettingsException if anything is wrong; it then tells all that is
     */
    Settings load(GivenFlags flags) {
        Path home = home(flags.home());
        EnvFile file = file(flags);
        CompositeConfiguration layers = layers(flags, file);
        List<String> problems = new ArrayList<>(file.problems());
        Map<ConfigKey<?>, Settings.Setting<?>> settings = new HashMap<>();
        for (ConfigKey<?> key : ConfigKey.ALL) {
            check(key, (SettingText) layers.getProperty(key.name()), home, problems)
                    .ifPresent(setting -> settings.put(key, setting));
        }
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
        Settings loaded = new Settings(
                home, settings, file.warnings(), Optional.empty(), UpstreamSettings.DIRECT, Optional.empty());
        problems.addAll(AccessSettings.problems(loaded));
        problems.addAll(LogRetention.problems(loaded));
        AdminSettings.problem(loaded).ifPresent(problems::add);
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
        Optional<ListenTls> tls = together(loaded, SettingsLoader::listenTls);
        UpstreamSettings upstream = together(loaded, UpstreamSettings::of);
        Optional<TraceSettings> traces = together(loaded, TraceSettings::of);
        List<String> warnings = new ArrayList<>(file.warnings());
        tls.ifPresent(shown -> warnings.addAll(certificateWarnings(loaded, ConfigKey.LISTEN_TLS_CERT, shown.chain())));
        upstream.clientCertificate()
                .ifPresent(shown ->
                        warnings.addAll(certificateWarnings(loaded, ConfigKey.TARGET_CLIENT_CERT, shown.chain())));
        warnings.addAll(AccessSettings.warnings(loaded, home));
        warnings.addAll(AdminSettings.warnings(loaded));
        TraceSettings.warning(loaded).ifPresent(warnings::add);
        return new Settings(home, settings, warnings, tls, upstream, traces);
    }

    private static Optional<ListenTls> listenTls(Settings settings) throws BadSettingException {
        Optional<ListenTlsFiles> files = ListenTlsFiles.of(settings);
        return files.isPresent() ? Optional.of(files.get().content()) : Optional.empty();
    }

    private static <T> T together(Settings settings, Meaning<T> meaning) {
        try {
            return meaning.of(settings);
        } catch (BadSettingException e) {
            throw new InvalidSettingsException(problem(e.key(), settings.written(e.key()), e.getMessage()), e);
        }
    }

    private static List<String> certificateWarnings(Settings settings, ConfigKey<?> key, List<X509Certificate> chain) {
        Origin origin = settings.written(key).origin();
        return Validity.problems(chain, Instant.now()).stream()
                .map(problem -> "%s: %s: %s".formatted(origin, key, problem))
                .toList();
    }

    /** What several settings mean together. */
    private interface Meaning<T> {
        T of(Settings settings) throws BadSettingException;
    }

    /**
     * The home folder, absolute.
     *
     * @param asked as on the command line; the working folder if empty
     * @throws InvalidSettingsException if there is no such folder
     */
    Path home(Optional<Path> asked) {
        Path home = workingFolder.resolve(asked.orElse(Path.of(""))).normalize();
        if (!Files.isDirectory(home)) {
            throw new InvalidSettingsException("flag --home: there is no folder " + home);
        }
        return home;
    }

    /** The file that settings are read from, absolute; there may be none. */
    Path configFile(GivenFlags flags) {
        return flags.config()
                .map(asked -> workingFolder.resolve(asked).normalize())
                .orElseGet(() -> home(flags.home()).resolve(CONFIG_FILE));
    }

    /** A file that was asked for has to be there; the one in the home folder may be missing. */
    private EnvFile file(GivenFlags flags) {
        Path file = configFile(flags);
        return flags.config().isPresent() || Files.exists(file) ? EnvFile.read(file) : EnvFile.empty();
    }

    private CompositeConfiguration layers(GivenFlags flags, EnvFile file) {
        CompositeConfiguration layers = new CompositeConfiguration();
        layers.addConfiguration(new MapConfiguration(flags.values()));
        layers.addConfiguration(new MapConfiguration(fromEnvironment()));
        layers.addConfiguration(new MapConfiguration(file.values()));
        boolean plain = layers.getProperty(ConfigKey.TARGET_PROTOCOL.name()) instanceof SettingText protocol
                && protocol.text().equals("http");
        layers.addConfiguration(new MapConfiguration(defaults(plain)));
        return layers;
    }

    /** Only what is named exactly like a setting: the rest of the environment is none of our business. */
    private Map<String, SettingText> fromEnvironment() {
        Map<String, SettingText> texts = new LinkedHashMap<>();
        for (ConfigKey<?> key : ConfigKey.ALL) {
            Optional.ofNullable(environment.get(key.name()))
                    .ifPresent(text -> texts.put(key.name(), new SettingText(text, Origin.ENVIRONMENT)));
        }
        return texts;
    }

    private static Map<String, SettingText> defaults(boolean plainTarget) {
        Map<String, SettingText> texts = new LinkedHashMap<>();
        for (ConfigKey<?> key : ConfigKey.ALL) {
            texts.put(key.name(), new SettingText(key.defaultText(), Origin.DEFAULT));
        }
        if (plainTarget) {
            texts.put(ConfigKey.TARGET_PORT.name(), new SettingText(HTTP_PORT, Origin.DEFAULT));
        }
        return texts;
    }

    private static <T> Optional<Settings.Setting<T>> check(
            ConfigKey<T> key, SettingText written, Path home, List<String> problems) {
        try {
            return Optional.of(new Settings.Setting<>(written, key.type().parse(written.text(), home)));
        } catch (BadValueException e) {
            String detail = e.getMessage().isEmpty() ? "" : ": " + e.getMessage();
            problems.add(problem(key, written, "must be " + key.type().allowed() + detail));
            return Optional.empty();
        }
    }

    private static String problem(ConfigKey<?> key, SettingText written, String rule) {
        return "%s: %s is '%s', %s".formatted(written.origin(), key, Shown.value(key.shown(written.text())), rule);
    }
}
