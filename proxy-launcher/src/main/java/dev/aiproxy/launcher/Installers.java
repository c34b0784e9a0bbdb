package dev.aiproxy.launcher;

import dev.aiproxy.service.ServiceInstaller;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The service installers at hand, plugins first: whoever adds one means it to be used. One that is broken is named and
 * passed over: it must not keep others from working.
 */
final class Installers {

    /** A loader that fails in the same way for ever has to come to an end. */
    private static final int MOST_FAILURES = 100;

    private static final String OWN_PACKAGES = "dev.aiproxy.service.";

    private final List<ServiceInstaller> all;
    private final Consumer<String> say;

    Installers(List<ServiceInstaller> all, Consumer<String> say) {
        this.all = List.copyOf(all);
        this.say = say;
    }

    /** This program's own and those of its plugins. */
    static Installers ofThisProgram(Consumer<String> say) {
        return from(ServiceLoader.load(ServiceInstaller.class, Plugins.loader(say)), say);
    }

    /** @param say takes a line for each one that is broken */
    static Installers from(ServiceLoader<ServiceInstaller> loader, Consumer<String> say) {
        List<ServiceInstaller> found = new ArrayList<>();
        Iterator<ServiceInstaller> installers = loader.iterator();
        int failures = 0;
        while (failures < MOST_FAILURES) {
            try {
                if (!installers.hasNext()) {
                    break;
                }
                found.add(installers.next());
            } catch (ServiceConfigurationError | LinkageError e) {
                failures++;
                say.accept("passing over a broken service installer: " + e.getMessage());
            }
        }
        found.sort(Comparator.comparing(Installers::isOwn));
        return new Installers(found, say);
    }

    private static boolean isOwn(ServiceInstaller installer) {
        return installer.getClass().getName().startsWith(OWN_PACKAGES);
    }

    /**
     * The one of this name, whether or not its service manager is at hand: its plan can be looked at anywhere.
     *
     * @throws VerbFailedException if there is none
     */
    ServiceInstaller named(String wanted) {
        return all.stream()
                .filter(installer -> name(installer).filter(wanted::equals).isPresent())
                .findFirst()
                .orElseThrow(() -> none("no service installer is named " + Shown.oneLine(wanted)));
    }

    /**
     * The first that can serve this operating system.
     *
     * @param osName value of the system property {@code os.name}
     * @throws VerbFailedException if there is none
     */
    ServiceInstaller forSystem(String osName) {
        return all.stream()
                .filter(installer -> supports(installer, osName))
                .findFirst()
                .orElseThrow(() -> none("no service installer for " + osName));
    }

    private VerbFailedException none(String problem) {
        String names =
                all.stream().flatMap(installer -> name(installer).stream()).collect(Collectors.joining(", "));
        return new VerbFailedException(problem + "; there are: " + names);
    }

    private boolean supports(ServiceInstaller installer, String osName) {
        try {
            return installer.supports(osName) && name(installer).isPresent();
        } catch (RuntimeException | LinkageError e) {
            passOver(installer, e);
            return false;
        }
    }

    private Optional<String> name(ServiceInstaller installer) {
        try {
            return Optional.of(installer.name());
        } catch (RuntimeException | LinkageError e) {
            passOver(installer, e);
            return Optional.empty();
        }
    }

    private void passOver(ServiceInstaller installer, Throwable failure) {
        say.accept("passing over a broken service installer: "
                + installer.getClass().getName() + ": " + failure);
    }
}
