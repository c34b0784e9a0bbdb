package dev.aiproxy.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this process, as the proxy of its home, lets others know through the {@link StateFile}. A proxy in the foreground
 * also runs without: whoever cannot write the file, or runs a second one in the same home, loses verbs, not traffic.
 */
final class OwnState implements RunningProxy.StopWatcher {

    private static final Logger logger = LoggerFactory.getLogger(OwnState.class);

    private final Path home;
    private final Optional<StateFile> file;
    private boolean isReloadable;
    private ReloadFile reloads = ReloadFile.of(ProcessHandle.current().pid());
    private volatile boolean isHurried;

    private OwnState(Path home, Optional<StateFile> file) {
        this.home = home;
        this.file = file;
    }

    /**
     * Makes this process the proxy of its home.
     *
     * @param required whether it must not run otherwise
     * @throws VerbFailedException if it is required and not possible
     */
    static OwnState claim(Surroundings surroundings, Settings settings, boolean required) {
        String problem;
        try {
            Optional<StateFile> claimed = StateFile.claim(
                    settings.home(),
                    ProxyState.factsOfThisProcess(settings, ServiceManager.restartCommand(surroundings.environment())));
            if (claimed.isPresent()) {
                Files.deleteIfExists(settings.home().resolve(ReloadFile.NAME));
                return new OwnState(settings.home(), claimed);
            }
            problem = "another proxy runs in " + settings.home();
        } catch (IOException e) {
            problem = "cannot write " + settings.home().resolve(StateFile.NAME);
        }
        if (required) {
            throw new VerbFailedException(problem);
        }
        surroundings.err().println("warning: " + problem + ": start, stop and check will not see this one");
        return new OwnState(settings.home(), Optional.empty());
    }

    /**
     * Makes this process the successor of its home's proxy.
     *
     * @throws VerbFailedException if it is not possible
     */
    static OwnState claimNext(Settings settings) {
        try {
            Optional<StateFile> claimed =
                    StateFile.claimNext(settings.home(), ProxyState.factsOfThisProcess(settings, Optional.empty()));
            StateFile next = claimed.orElseThrow(
                    () -> new VerbFailedException("another proxy is about to take over in " + settings.home()));
            return new OwnState(settings.home(), Optional.of(next));
        } catch (IOException e) {
            throw new VerbFailedException("cannot write " + settings.home().resolve(StateFile.NEXT_NAME), e);
        }
    }

    /** Whether this is the proxy of its home, or is not known as any. */
    boolean isPresent() {
        try {
            return file.isEmpty() || file.get().isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    void listening(RunningProxy proxy) {
        add(ProxyState.factsOfListening(proxy.address(), proxy.target().toString()));
        proxy.whenAdminOpens(address -> add(ProxyState.factsOfAdmin(address)));
    }

    /**
     * It can be told to read its settings again; a successor can as soon as it has taken over.
     *
     * @param command by which to tell it; empty if a signal does
     */
    synchronized void takesReloads(Optional<String> command) {
        isReloadable = true;
        command.map(ProxyState::factsOfReloading).ifPresent(this::add);
        publish(reloads);
    }

    /** This successor has taken over. */
    synchronized void tookOver() {
        if (isReloadable) {
            publish(reloads);
        }
    }

    synchronized void reloadBegins() {
        publish(reloads.withBegun());
    }

    synchronized void reloadEnds(ReloadResult result) {
        publish(reloads.withEnded(result));
    }

    private void publish(ReloadFile changed) {
        reloads = changed;
        try {
            if (file.isPresent() && file.get().isPresent()) {
                changed.write(home);
            }
        } catch (IOException e) {
            logger.warn("cannot write {}: {}", ReloadFile.NAME, e.toString());
        }
    }

    /** The proxy has other settings. */
    void changed(RunningProxy proxy) {
        add(ProxyState.factsOfSettings(proxy.settings(), proxy.target().toString()));
    }

    @Override
    public void onInFlight(int count) {
        add(ProxyState.factsOfDraining(count));
    }

    /** This process itself has been told to stop now. */
    void hurry() {
        isHurried = true;
    }

    @Override
    public boolean isToldToStopNow() {
        try {
            return isHurried || file.isPresent() && file.get().isToldToStopNow();
        } catch (IOException e) {
            logger.warn("cannot read {}: {}", StateFile.NAME, e.toString());
            return false;
        }
    }

    @Override
    public boolean isToldToHandOver() {
        try {
            return file.isPresent() && file.get().isToldToHandOver();
        } catch (IOException e) {
            logger.warn("cannot read {}: {}", StateFile.NAME, e.toString());
            return false;
        }
    }

    void release() {
        try {
            if (file.isPresent()) {
                ReloadFile.delete(home, ProcessHandle.current().pid());
                file.get().release();
            }
        } catch (IOException e) {
            logger.warn("cannot write {}: {}", StateFile.NAME, e.toString());
        }
    }

    private synchronized void add(Map<String, String> facts) {
        try {
            if (file.isPresent()) {
                file.get().add(facts);
            }
        } catch (IOException e) {
            logger.warn("cannot write {}: {}", StateFile.NAME, e.toString());
        }
    }
}
