package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The processor time (user and system) a process and its children use from start to stop, read from Linux' {@code /proc}.
 *
 * <p>Threads count to the nanosecond through {@code schedstat}. What a thread that ended has used is only in
 * {@code stat}, which counts in hundredths of a second; it is asked if a thread ended meanwhile.
 */
final class CpuClock {
    private static final long NANOS_PER_TICK = 10_000_000;
    private static final Path PROC = Path.of("/proc");

    private final List<Long> pids;
    private final Map<Path, Long> threadsAtStart;
    private final long ticksAtStart;
    private long nanos;
    private long compilerNanos;

    private CpuClock(List<Long> pids) throws IOException {
        this.pids = pids;
        threadsAtStart = threads();
        ticksAtStart = ticks();
    }

    static CpuClock start(ProcessHandle process) throws IOException {
        return new CpuClock(ProcessTree.pids(process));
    }

    static CpuClock ofNothing() throws IOException {
        return new CpuClock(List.of());
    }

    CpuClock stop() throws IOException {
        Map<Path, Long> now = threads();
        boolean allAlive = now.keySet().containsAll(threadsAtStart.keySet());
        nanos = 0;
        for (Map.Entry<Path, Long> thread : now.entrySet()) {
            long used = thread.getValue() - threadsAtStart.getOrDefault(thread.getKey(), 0L);
            nanos += used;
            compilerNanos += isCompiler(thread.getKey()) ? used : 0;
        }
        if (!allAlive) {
            nanos = (ticks() - ticksAtStart) * NANOS_PER_TICK;
        }
        return this;
    }

    /** All of it. */
    long nanos() {
        return nanos;
    }

    /** The share of it that a JVM's compiler threads used, 0 to 1: a JVM still warming up shows here. */
    double compilerShare() {
        return (double) compilerNanos / Math.max(1, nanos);
    }

    private static boolean isCompiler(Path task) throws IOException {
        try {
            return Files.readString(task.resolve("comm")).matches("C[12] CompilerThre\\S*\\s*");
        } catch (IOException endedMeanwhile) {
            return false;
        }
    }

    private Map<Path, Long> threads() throws IOException {
        Map<Path, Long> times = new HashMap<>();
        for (long pid : pids) {
            try (DirectoryStream<Path> tasks = Files.newDirectoryStream(PROC.resolve(pid + "/task"))) {
                for (Path task : tasks) {
                    addThread(task, times);
                }
            }
        }
        return times;
    }

    private static void addThread(Path task, Map<Path, Long> times) throws IOException {
        try {
            String line = Files.readString(task.resolve("schedstat"));
            times.put(task, Long.parseLong(line.substring(0, line.indexOf(' '))));
        } catch (IOException endedMeanwhile) {
            // No such file, or, once it is open, no such process (proc(5)). Its time is in the process' ticks.
        }
    }

    private long ticks() throws IOException {
        long ticks = 0;
        for (long pid : pids) {
            String stat = Files.readString(PROC.resolve(pid + "/stat"));
            // proc(5): the name, in parentheses, may hold blanks; utime and stime are the 12th and 13th after it.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        }
        return ticks;
    }
}
