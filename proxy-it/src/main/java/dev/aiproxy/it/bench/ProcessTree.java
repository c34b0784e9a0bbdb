package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A process with all its children, such as nginx with its workers. */
final class ProcessTree {
    private ProcessTree() {}

    static List<Long> pids(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants())
                .map(ProcessHandle::pid)
                .toList();
    }

    /** Memory in RAM: all pages of the largest process, and those the others have for themselves. */
    static long residentBytes(ProcessHandle process) throws IOException {
        long others = 0;
        long largest = 0;
        long privateOfLargest = 0;
        for (long pid : pids(process)) {
            List<String> lines = Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup"));
            long all = bytes(lines, "Rss:");
            long own = bytes(lines, "Private_Clean:") + bytes(lines, "Private_Dirty:");
            others += own;
            if (all > largest) {
                largest = all;
                privateOfLargest = own;
            }
        }
        return largest + others - privateOfLargest;
    }

    private static long bytes(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }
}
