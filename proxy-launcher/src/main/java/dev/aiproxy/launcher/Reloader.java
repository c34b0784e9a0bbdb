package dev.aiproxy.launcher;

import dev.aiproxy.InvalidConfigException;
import dev.aiproxy.ProxyException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the settings of this process again, and has the proxy take them: when told to, and with {@code RELOAD=auto} when a
 * file changes. Flags and environment are what they were at the start, and count over the file as they did then.
 *
 * <p>For any threads; one reload goes on at a time.
 */
final class Reloader implements Lifetime.Reload, AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(Reloader.class);

    private final Surroundings surroundings;
    private final GivenFlags flags;
    private final Path config;
    private final RunningProxy proxy;
    private final OwnState state;
    private final AtomicBoolean isAsked = new AtomicBoolean();
    private volatile Consumer<ReloadResult> told = result -> {};
    private volatile boolean isClosed;
    private volatile Optional<FileWatch<Map<Path, FileStamp>>> watch = Optional.empty();

    /** The file of settings as it was when it was read last. */
    private FileStamp lastRead;

    Reloader(Surroundings surroundings, GivenFlags flags, RunningProxy proxy, OwnState state) {
        this.surroundings = surroundings;
        this.flags = flags;
        this.config = surroundings.loader().configFile(flags);
        this.proxy = proxy;
        this.state = state;
        this.lastRead = FileStamp.of(config);
    }

    /** Begins to look at the files, if it is to. */
    synchronized void start() {
        watchOrNot(stamps(proxy.settings()));
    }

    @Override
    public void announce() {
        state.takesReloads(ServiceManager.reloadCommand(config, surroundings.environment()));
    }

    /** Has somebody told the result of each reload from now on; it must not take long. */
    void tell(Consumer<ReloadResult> listener) {
        told = listener;
    }

    /** One that waits for its turn serves all who ask meanwhile. */
    @Override
    public void request() {
        if (isAsked.compareAndSet(false, true)) {
            Thread thread = new Thread(this::reload, "reload");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Reads and swaps, unless something is wrong: then all stays as it is. */
    synchronized ReloadResult reload() {
        isAsked.set(false);
        state.reloadBegins();
        Map<Path, FileStamp> before = stamps(proxy.settings());
        ReloadResult result = tryReload();
        lastRead = before.getOrDefault(file(), lastRead);
        log(result);
        Map<Path, FileStamp> dealtWith = stamps(proxy.settings());
        // What changed while it was read counts as a change.
        dealtWith.replaceAll(before::getOrDefault);
        watchOrNot(dealtWith);
        proxy.reloaded(result);
        state.reloadEnds(result);
        told.accept(result);
        return result;
    }

    private ReloadResult tryReload() {
        try {
            Path file = file();
            return take(surroundings.loader().load(file.equals(config) ? flags : flags.withConfig(file)));
        } catch (InvalidSettingsException e) {
            return ReloadResult.failed(ExitCode.CONFIG, e.problems());
        } catch (InvalidConfigException e) {
            return ReloadResult.failed(ExitCode.CONFIG, List.of(String.valueOf(e.getMessage())));
        } catch (ProxyException | VerbFailedException e) {
            return ReloadResult.failed(ExitCode.FAILED, List.of(String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            logger.error("cannot reload", e);
            return ReloadResult.failed(ExitCode.FAILED, List.of("internal error: " + e));
        }
    }

    private ReloadResult take(Settings changed) {
        if (isClosed) {
            throw new VerbFailedException("the proxy is stopping");
        }
        Settings now = proxy.settings();
        if (now.isFromFile() && !changed.isFromFile()) {
            // Defaults would open the door, and send everything elsewhere.
            throw new InvalidSettingsException(
                    file() + " is gone, or says nothing any more; if that is meant, restart the proxy");
        }
        List<String> refused = SettingChanges.refused(now, changed);
        if (!refused.isEmpty()) {
            throw new InvalidSettingsException(refused);
        }
        List<String> warned = proxy.warnings();
        proxy.change(changed);
        List<String> changes = SettingChanges.between(now, changed);
        if (changes.isEmpty()) {
            return new ReloadResult(ExitCode.OK, changes, remarksOnNothing());
        }
        state.changed(proxy);
        List<String> remarks = new ArrayList<>(proxy.warnings());
        remarks.removeAll(warned);
        return new ReloadResult(ExitCode.OK, changes, remarks);
    }

    private List<String> remarksOnNothing() {
        Map<String, String> environment = surroundings.environment();
        boolean isOldCopy = ServiceManager.hasCopied(config, environment)
                && FileStamp.of(file()).equals(lastRead);
        if (!isOldCopy) {
            return List.of();
        }
        String todo = ServiceManager.reloadCommand(config, environment)
                .map(command -> "to have the file itself read: " + command)
                .orElse("restart the service to have the file itself read");
        return List.of("the service manager makes copies of config.env, and there is no new one; " + todo);
    }

    /** Where the settings are read from now. */
    private Path file() {
        return ServiceManager.newest(config, surroundings.environment());
    }

    private static void log(ReloadResult result) {
        if (result.isDone()) {
            logger.info("{}", result.report());
            result.remarks().forEach(remark -> logger.warn("{}", remark));
        } else {
            logger.warn("{}", result.report());
        }
    }

    private void watchOrNot(Map<Path, FileStamp> dealtWith) {
        boolean isWanted = proxy.settings().get(ConfigKey.RELOAD).equals("auto");
        if (isWanted && watch.isPresent()) {
            watch.get().settle(dealtWith);
            return;
        }
        watch.ifPresent(FileWatch::close);
        watch = Optional.empty();
        if (isWanted && !isClosed) {
            FileWatch<Map<Path, FileStamp>> started =
                    new FileWatch<>("config-watch", dealtWith, () -> stamps(proxy.settings()), this::reload);
            started.start();
            watch = Optional.of(started);
        }
    }

    /** Those of TLS towards clients are looked after by {@link ListenTlsWatch}. */
    private Map<Path, FileStamp> stamps(Settings settings) {
        Map<Path, FileStamp> stamps = new LinkedHashMap<>();
        Path file = file();
        stamps.put(file, FileStamp.of(file));
        Stream.of(
                        ConfigKey.TARGET_CA_FILE,
                        ConfigKey.TARGET_CLIENT_CERT,
                        ConfigKey.TARGET_CLIENT_KEY,
                        ConfigKey.UPSTREAM_PROXY_FILE,
                        ConfigKey.PROXY_TOKENS_FILE,
                        ConfigKey.TARGET_API_KEY_FILE)
                .map(key -> settings.written(key).text())
                .filter(text -> !text.isEmpty())
                .map(text -> settings.home().resolve(text))
                .forEach(named -> stamps.put(named, FileStamp.of(named)));
        return stamps;
    }

    /** Reads nothing any more. Waits for nobody. */
    @Override
    public void close() {
        isClosed = true;
        watch.ifPresent(FileWatch::close);
    }
}
