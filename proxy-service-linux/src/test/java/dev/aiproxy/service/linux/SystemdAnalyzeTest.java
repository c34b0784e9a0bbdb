package dev.aiproxy.service.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.aiproxy.service.ServiceSpec.Scope;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Lets systemd itself read the units; skipped where its tool is not installed. */
class SystemdAnalyzeTest {

    /** Exposure in tenths, as {@code --threshold} takes it; a unit without any hardening has 96. */
    private static final int MOST_EXPOSURE = 15;

    @TempDir
    private Path folder;

    @BeforeAll
    static void needsSystemdAnalyze() {
        boolean isInstalled = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "systemd-analyze")));
        assumeTrue(isInstalled, "systemd-analyze is not installed");
    }

    static Stream<Arguments> places() {
        return Stream.of(Scope.values())
                .flatMap(scope -> Stream.of("plain", "two words", "100%h", "$HOME ${HOME}", "größe €", "a:b;c#d")
                        .map(place -> arguments(scope, place)));
    }

    /** The tool calls the program missing unless it read the very path that was meant. */
    @ParameterizedTest(name = "{0} in {1}")
    @MethodSource("places")
    void findsNothingToSayAboutTheUnit(Scope scope, String place) throws Exception {
        Path unit = writeUnit(scope, place);

        Analysis analysis = analyze(scope, "--man=no", "verify", unit.toString());

        // It ends with 0 even if it does not know a setting: only silence is approval.
        assertThat(analysis).isEqualTo(new Analysis(0, ""));
    }

    @Test
    void wouldNoticeAMisspeltSetting() throws Exception {
        Path unit = writeUnit(Scope.SYSTEM, "plain");
        Files.writeString(unit, Files.readString(unit).replace("PrivateTmp=", "PrivateTemp="));

        Analysis analysis = analyze(Scope.SYSTEM, "--man=no", "verify", unit.toString());

        assertThat(analysis.output()).contains("'PrivateTemp'");
    }

    @Test
    void findsNothingToSayAboutTheSocket() throws Exception {
        Path unit = writeUnit(Scope.SYSTEM, "plain");
        Path socket = folder.resolve("ai-proxy.socket");
        Files.writeString(socket, SystemdSocket.render(Specs.withSocket(Scope.SYSTEM, "127.0.0.1", 443)));

        Analysis analysis = analyze(Scope.SYSTEM, "--man=no", "verify", unit.toString(), socket.toString());

        assertThat(analysis).isEqualTo(new Analysis(0, ""));
    }

    @Test
    void exposesLittle() throws Exception {
        Path unit = writeUnit(Scope.SYSTEM, "plain");

        Analysis analysis =
                analyze(Scope.SYSTEM, "security", "--offline=true", "--threshold=" + MOST_EXPOSURE, unit.toString());

        assertThat(analysis.exitCode()).as(analysis.output()).isZero();
    }

    private Path writeUnit(Scope scope, String place) throws IOException {
        Path javaHome = folder.resolve(place).resolve("jdk");
        Path java = Files.createDirectories(javaHome.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        String text = SystemdUnit.render(Specs.at(scope, javaHome, folder.resolve(place)), SystemdHost.NEW);
        return Files.writeString(folder.resolve("ai-proxy.service"), text);
    }

    private Analysis analyze(Scope scope, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("systemd-analyze"));
        if (scope == Scope.USER) {
            command.add("--user");
        }
        command.addAll(List.of(arguments));
        Path output = folder.resolve("output");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("XDG_RUNTIME_DIR", folder.toString());
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
        return new Analysis(process.exitValue(), Files.readString(output));
    }

    private record Analysis(int exitCode, String output) {}
}
