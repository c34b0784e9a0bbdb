package dev.aiproxy.service;

import java.util.List;

/**
 * Plans how the proxy becomes a service of one service manager. Implementations are found through
 * {@link java.util.ServiceLoader}, have a public constructor without arguments, keep no state and touch nothing.
 */
public interface ServiceInstaller {

    /** Name of the service manager, such as {@code systemd}. */
    String name();

    /**
     * Whether this service manager runs on the machine at hand.
     *
     * @param osName value of the system property {@code os.name}
     */
    boolean supports(String osName);

    /** The steps that install the service, or bring an installed one up to date, and start it. */
    ServicePlan install(ServiceSpec spec);

    /** The steps that stop the service and remove what {@link #install} wrote. */
    ServicePlan uninstall(ServiceSpec spec);

    /**
     * The steps of {@link #uninstall}, and those that remove what the service manager keeps for the service besides,
     * such as folders it made. Nothing besides unless an installer says so.
     */
    default ServicePlan purge(ServiceSpec spec) {
        return uninstall(spec);
    }

    /**
     * The steps that take back an {@link #install} which has failed, before the files that it wrote are put back. It is asked
     * for before the first step of that is done, when one can see what was there already. Those of {@link #uninstall} for a
     * first installation and none for an upgrade, unless an installer says so.
     *
     * @param isUpgrade whether the service was installed before
     */
    default ServicePlan undo(ServiceSpec spec, boolean isUpgrade) {
        return isUpgrade ? new ServicePlan("leaves the service as it is", List.of()) : uninstall(spec);
    }
}
