package dev.aiproxy.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Tells a process from another one that has its number later, or has it in another container.
 *
 * <p>On Linux it is the moment of its start in ticks since boot. {@link ProcessHandle} would add the time of boot as the
 * clock has it now, and that clock jumps on machines which learn the time only from the network.
 */
final class ProcessMark {

    /** proc(5), /proc/pid/stat: field 22; two fields go before the last parenthesis, which ends the name. */
    private static final int START_TICKS_AFTER_NAME = 22 - 3;

    private ProcessMark() {}

    /** Empty if there is no such process, or nothing can be known about it. */
    static Optional<String> of(long pid) {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        if (Files.exists(Path.of("/proc/self/stat"))) {
            return startTicks(stat);
        }
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().startInstant())
                .map(start -> Long.toString(start.toEpochMilli()));
    }

    private static Optional<String> startTicks(Path stat) {
        try {
            String text = new String(Files.readAllBytes(stat), StandardCharsets.ISO_8859_1);
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
            return Optional.of(fields[START_TICKS_AFTER_NAME]);
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
