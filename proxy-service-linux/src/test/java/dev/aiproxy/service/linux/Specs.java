package dev.aiproxy.service.linux;

import dev.aiproxy.service.ServiceSpec;
import dev.aiproxy.service.ServiceSpec.Scope;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** Services to be installed: in the usual folders, in folders of odd names, and in places of a test's choice. */
final class Specs {

    private Specs() {}

    static ServiceSpec usual(Scope scope) {
        return new ServiceSpec(
                "ai-proxy",
                scope,
                Path.of("/usr/lib/jvm/java-17/bin/java"),
                List.of("-XX:+ExitOnOutOfMemoryError", "-Xmx256m"),
                Path.of("/usr/share/ai-proxy/proxy-launcher.jar"),
                Path.of("/etc/ai-proxy/config.env"),
                Path.of("/var/lib/ai-proxy"),
                Path.of("/home/ada"),
                1000);
    }

    static ServiceSpec odd(Scope scope) {
        return new ServiceSpec(
                "ai-proxy",
                scope,
                Path.of("/opt/100% Java $17/bin/java"),
                List.of("-Dgreeting=say \"hi\"", "-Dpath=C:\\temp", "-Dprice=$5", "-Dshare=50%", "-Dempty="),
                Path.of("/opt/Größe \"XL\"/launch\\er $HOME.jar"),
                Path.of("/etc/ai proxy/a:b 'c' \"d\" \\e $f 100%/config.env"),
                Path.of("/srv/a:b 'c' \"d\" \\e $f 100%/home"),
                Path.of("/home/ada"),
                1000);
    }

    /** Everything unpacked in a home, as after a download. */
    static ServiceSpec inHome(Scope scope) {
        return at(scope, Path.of("/home/ada/jdk-17"), Path.of("/home/ada/ai proxy"));
    }

    static ServiceSpec withSocket(Scope scope, String address, int port) {
        return usual(scope).withSocket(new InetSocketAddress(address, port));
    }

    /** Of a user with this home folder. */
    static ServiceSpec of(Path userHome) {
        ServiceSpec usual = usual(Scope.USER);
        return new ServiceSpec(
                usual.name(),
                usual.scope(),
                usual.java(),
                usual.javaOptions(),
                usual.jar(),
                usual.config(),
                usual.home(),
                userHome,
                usual.uid());
    }

    static ServiceSpec at(Scope scope, Path javaHome, Path folder) {
        return new ServiceSpec(
                "ai-proxy",
                scope,
                javaHome.resolve("bin/java"),
                List.of(),
                folder.resolve("proxy-launcher.jar"),
                folder.resolve("config.env"),
                folder,
                Path.of("/home/ada"),
                1000);
    }
}
