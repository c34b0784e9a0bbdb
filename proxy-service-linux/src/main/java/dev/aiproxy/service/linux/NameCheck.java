package dev.aiproxy.service.linux;

import dev.aiproxy.service.ServiceSpec;
import dev.aiproxy.service.ServiceSpec.Scope;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Refuses names that are somebody else's. A service that took one over would stop the other, be given its folders, and
 * delete them when it is purged.
 */
final class NameCheck {

    private final SystemdPlaces places;

    NameCheck(SystemdPlaces places) {
        this.places = places;
    }

    /**
     * A service that is not there yet must find its name free everywhere.
     *
     * @throws IllegalArgumentException if a unit that would be replaced is not ours, or something else has the name
     */
    void checkForInstallation(ServiceSpec spec) {
        checkUnits(spec);
        if (!isThere(places.service(spec))) {
            checkIsFree(spec);
        }
    }

    /** @throws IllegalArgumentException if a unit that would be stopped and deleted is not ours */
    void checkUnits(ServiceSpec spec) {
        Stream.of(places.service(spec), places.socket(spec))
                .filter(NameCheck::isThere)
                .forEach(unit -> checkUnit(spec, unit));
    }

    private static void checkUnit(ServiceSpec spec, Path unit) {
        if (isMasked(unit)) {
            String systemctl = spec.scope() == Scope.USER ? "systemctl --user" : "systemctl";
            throw new IllegalArgumentException(
                    "%1$s is masked; %2$s unmask %1$s first".formatted(unit.getFileName(), systemctl));
        }
        if (!isWrittenByUs(unit)) {
            throw foreign(unit);
        }
    }

    /** systemd.unit(5): a unit "is empty (that is, has the file size 0) or is symlinked to /dev/null". */
    private static boolean isMasked(Path unit) {
        try {
            return Files.size(unit) == 0;
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static boolean isWrittenByUs(Path unit) {
        try (BufferedReader lines = Files.newBufferedReader(unit)) {
            return SystemdUnit.FIRST_LINE.equals(lines.readLine());
        } catch (IOException unreadable) {
            return false;
        }
    }

    private void checkIsFree(ServiceSpec spec) {
        Stream<Path> folders = places.folders(spec).stream()
                .filter(folder -> !isOfDynamicUser(folder) && !isEmpty(folder) && !isOfAProxy(folder, spec));
        Stream.concat(places.unitsOfOthers(spec).stream(), folders)
                .filter(NameCheck::isThere)
                .findFirst()
                .ifPresent(path -> {
                    throw foreign(path);
                });
    }

    /** systemd.exec(5), DynamicUser: folders of such a service are links to those in "private"; an earlier one of ours was. */
    private static boolean isOfDynamicUser(Path folder) {
        try {
            Path target = Files.readSymbolicLink(folder);
            return folder.resolveSibling(target)
                    .equals(folder.resolveSibling("private").resolve(folder.getFileName()));
        } catch (IOException noLink) {
            return false;
        }
    }

    private static boolean isEmpty(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** As of one that has run there in the foreground. systemd moves such a folder to where it wants it. */
    private static boolean isOfAProxy(Path folder, ServiceSpec spec) {
        return spec.config().startsWith(folder)
                || Stream.of("proxy.state", "proxy.log").anyMatch(name -> Files.exists(folder.resolve(name)));
    }

    /** Also a link that leads nowhere. */
    private static boolean isThere(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static IllegalArgumentException foreign(Path path) {
        return new IllegalArgumentException(path + " does not belong to ai-proxy; choose another --name");
    }
}
