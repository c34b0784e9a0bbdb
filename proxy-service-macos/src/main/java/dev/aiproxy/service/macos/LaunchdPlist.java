package dev.aiproxy.service.macos;

import dev.aiproxy.service.ServiceSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * The text of the property list that describes the job.
 *
 * <p>launchd cannot tell a crash from a wrong configuration as systemd can: any end but a successful one is followed by
 * a new start, at most every {@value #THROTTLE_SECONDS} seconds. So the job of a proxy with a wrong configuration keeps
 * trying, and says why in its log each time.
 *
 * <p>Source: launchd.plist(5).
 */
final class LaunchdPlist {

    /**
     * Until SIGTERM is followed by SIGKILL: has to outlast the drain of 30 seconds. launchd's default is 20. A job has no way
     * to ask for more, so a longer drain is cut off.
     */
    static final int EXIT_SECONDS = 35;

    private static final int THROTTLE_SECONDS = 5;

    private static final int OPEN_FILES = 65536;

    /** Written as 63: integers of a property list are decimal. */
    private static final int UMASK = 0077;

    private LaunchdPlist() {}

    /**
     * The property list for a service.
     *
     * @throws IllegalArgumentException if a path or an option of the JVM cannot be written in a property list
     */
    static String render(ServiceSpec spec, LaunchdJob job) {
        PlistWriter plist = new PlistWriter();
        plist.string("Label", job.label());
        plist.strings("ProgramArguments", command(spec));
        plist.string("WorkingDirectory", spec.home().toString());
        plist.bool("RunAtLoad", true);
        plist.dictionary("KeepAlive", () -> plist.bool("SuccessfulExit", false));
        plist.integer("ThrottleInterval", THROTTLE_SECONDS);
        plist.integer("ExitTimeOut", EXIT_SECONDS);
        // The others let the system slow down a job's CPU and I/O; here, people wait for each chunk.
        plist.string("ProcessType", "Interactive");
        plist.integer("Umask", UMASK);
        plist.dictionary("SoftResourceLimits", () -> plist.integer("NumberOfFiles", OPEN_FILES));
        plist.dictionary("HardResourceLimits", () -> plist.integer("NumberOfFiles", OPEN_FILES));
        plist.string("StandardOutPath", job.stdout().toString());
        plist.string("StandardErrorPath", job.stderr().toString());
        return plist.text();
    }

    private static List<String> command(ServiceSpec spec) {
        List<String> command = new ArrayList<>();
        command.add(spec.java().toString());
        // Else HotSpot lowers the limit of open files to OPEN_MAX, 10240, whatever launchd has set.
        command.add("-XX:-MaxFDLimit");
        command.addAll(spec.javaOptions());
        command.addAll(List.of("-jar", spec.jar().toString(), "run"));
        command.addAll(List.of("--home", spec.home().toString()));
        command.addAll(List.of("--config", spec.config().toString()));
        return command;
    }
}
