package dev.aiproxy.service.linux;

import dev.aiproxy.service.ServiceSpec;
import dev.aiproxy.service.ServiceSpec.Scope;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where systemd keeps what bears the name of a service.
 *
 * <p>Source: systemd.unit(5), section "Unit File Load Path"; systemd.exec(5), StateDirectory.
 *
 * @param root {@code /} except in tests
 */
record SystemdPlaces(Path root) {

    /** The generators' are those of scripts in /etc/init.d, among others. */
    private static final List<String> SYSTEM_UNITS_OF_OTHERS = List.of(
            "run/systemd/system",
            "run/systemd/generator",
            "run/systemd/generator.late",
            "usr/local/lib/systemd/system",
            "usr/lib/systemd/system",
            "lib/systemd/system");

    private static final List<String> USER_UNITS_OF_OTHERS =
            List.of("etc/systemd/user", "run/systemd/user", "usr/local/lib/systemd/user", "usr/lib/systemd/user");

    static String serviceName(ServiceSpec spec) {
        return spec.name() + ".service";
    }

    static String socketName(ServiceSpec spec) {
        return spec.name() + ".socket";
    }

    Path service(ServiceSpec spec) {
        return units(spec).resolve(serviceName(spec));
    }

    Path socket(ServiceSpec spec) {
        return units(spec).resolve(socketName(spec));
    }

    private Path units(ServiceSpec spec) {
        return switch (spec.scope()) {
            case SYSTEM -> root.resolve("etc/systemd/system");
            case USER -> spec.userHome().resolve(".config/systemd/user");
        };
    }

    /** Units of the same name that the distribution, or a program of it, may have; ours would be taken in place of them. */
    List<Path> unitsOfOthers(ServiceSpec spec) {
        List<String> folders = spec.scope() == Scope.SYSTEM ? SYSTEM_UNITS_OF_OTHERS : USER_UNITS_OF_OTHERS;
        return folders.stream()
                .map(root::resolve)
                .flatMap(folder -> Stream.of(folder.resolve(serviceName(spec)), folder.resolve(socketName(spec))))
                .toList();
    }

    /** What systemd makes for a service of the machine, gives it, and deletes when it is purged. */
    List<Path> folders(ServiceSpec spec) {
        return spec.scope() == Scope.USER ? List.of() : List.of(state(spec), logs(spec), folder("run", spec));
    }

    /** As {@code StateDirectory} of the machine's service. */
    Path state(ServiceSpec spec) {
        return folder("var/lib", spec);
    }

    /** As {@code LogsDirectory} of the machine's service. */
    Path logs(ServiceSpec spec) {
        return folder("var/log", spec);
    }

    private Path folder(String parent, ServiceSpec spec) {
        return root.resolve(parent).resolve(spec.name());
    }
}
