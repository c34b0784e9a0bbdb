package dev.aiproxy.launcher;

import dev.aiproxy.ProxyException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.ParseResult;

/** Looks at everything that a call through the proxy depends on, from the settings to the AI server, one by one. */
final class Doctor {

    private final Surroundings surroundings;
    private final List<Finding> findings = new ArrayList<>();
    private final Consumer<Finding> tell;

    /** @param show takes each finding when it is there, as some take a while */
    Doctor(Surroundings surroundings, Consumer<Finding> show) {
        this.surroundings = surroundings;
        this.tell = finding -> {
            findings.add(finding);
            show.accept(finding);
        };
    }

    List<Finding> findings() {
        return findings;
    }

    /**
     * Looks at all of it.
     *
     * @param model what to ask for a stream of tokens that cost money; empty for not to ask
     * @return the exit code
     */
    int examine(ParseResult parsed, Optional<Model> model) {
        Path home = surroundings.home(parsed);
        Settings settings;
        try {
            settings = settings(parsed);
        } catch (InvalidSettingsException e) {
            e.problems().forEach(this::badSetting);
            return ExitCode.CONFIG;
        } catch (ProxyException e) {
            badSetting(String.valueOf(e.getMessage()));
            return ExitCode.CONFIG;
        }
        ProxyState state = new HomeProxy(home).state();
        ProxyDoctor proxy = new ProxyDoctor(settings, surroundings.program(), tell);
        Optional<ListenAddress> address = proxy.examine(state);
        new TargetDoctor(settings, tell).examine();
        address.ifPresent(proxy::reach);
        address.ifPresent(listening -> model.ifPresentOrElse(
                asked -> proxy.stream(listening, LiveCall.to(settings, surroundings.environment(), asked.name())),
                () -> tell.accept(
                        Finding.skip("stream", "--stream asks the AI server for one, and spends some tokens"))));
        new TwinDoctor(settings, tell).examine();
        new MachineDoctor(settings, tell).examine(state);
        return exitCode(state);
    }

    /**
     * A model to be asked.
     *
     * @param name empty for one that the AI server is likely to have
     */
    record Model(Optional<String> name) {}

    private Settings settings(ParseResult parsed) {
        Settings settings = surroundings.loader().load(SettingFlags.given(parsed));
        ProxyAssembly.builder(settings).build().close();
        settings.warnings()
                .forEach(warning ->
                        tell.accept(Finding.warn("settings", warning, "see " + surroundings.program() + " config")));
        long set = ConfigKey.ALL.stream()
                .filter(key -> !settings.written(key).origin().equals(Origin.DEFAULT))
                .count();
        tell.accept(Finding.ok(
                "settings", "valid, " + set + " of " + ConfigKey.ALL.size() + " set, home " + settings.home()));
        return settings;
    }

    private void badSetting(String problem) {
        tell.accept(Finding.fail("settings", problem, "correct it; nothing starts before"));
    }

    private int exitCode(ProxyState state) {
        if (!state.isRunning()) {
            return ExitCode.NOT_RUNNING;
        }
        return findings.stream().anyMatch(Finding::isFailure) ? ExitCode.FAILED : ExitCode.OK;
    }
}
