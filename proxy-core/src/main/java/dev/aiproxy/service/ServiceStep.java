package dev.aiproxy.service;

import java.nio.file.Path;
import java.util.List;

/** One step of a {@link ServicePlan}. */
public sealed interface ServiceStep {

    /**
     * Writes a file whole, creating the folders above it.
     *
     * @param path absolute
     * @param content text, written as UTF-8
     * @param mode POSIX permissions such as {@code rw-r--r--}; ignored where the file system has none
     */
    record WriteFile(Path path, String content, String mode) implements ServiceStep {}

    /**
     * Deletes a file if it is there.
     *
     * @param path absolute
     */
    record DeleteFile(Path path) implements ServiceStep {}

    /**
     * Runs a program and waits for its end.
     *
     * @param command program and arguments, not interpreted by any shell
     * @param mayFail whether an exit code other than zero is fine, as when a service to be stopped does not run
     */
    record Run(List<String> command, boolean mayFail) implements ServiceStep {

        /** Copies the command. */
        public Run {
            command = List.copyOf(command);
        }
    }
}
