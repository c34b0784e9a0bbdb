package dev.aiproxy.service.macos;

import dev.aiproxy.service.ServiceSpec;
import dev.aiproxy.service.ServiceSpec.Scope;
import java.nio.file.Path;
import java.util.List;

/** Services to be installed, in the usual folders and in folders of odd names. */
final class Specs {

    private Specs() {}

    static ServiceSpec usual(Scope scope) {
        return new ServiceSpec(
                "ai-proxy",
                scope,
                Path.of("/Library/Java/JavaVirtualMachines/17.jdk/Contents/Home/bin/java"),
                List.of("-XX:+ExitOnOutOfMemoryError", "-Xmx256m"),
                Path.of("/opt/ai-proxy/proxy-launcher.jar"),
                Path.of("/opt/ai-proxy/config.env"),
                Path.of("/opt/ai-proxy"),
                Path.of("/Users/ada"),
                501);
    }

    static ServiceSpec odd(String folder, String option) {
        Path home = Path.of("/Users/ada", folder);
        return new ServiceSpec(
                "ai-proxy",
                Scope.USER,
                home.resolve("jdk/bin/java"),
                List.of(option),
                home.resolve("proxy-launcher.jar"),
                home.resolve("config.env"),
                home,
                Path.of("/Users/ada"),
                501);
    }
}
