package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How much of the machine others used since it was begun: all that worked, less this program and its children. */
final class Noise {
    private static final long NANOS_PER_TICK = 10_000_000;
    private static final List<Integer> BUSY_FIELDS = List.of(1, 2, 3, 6, 7, 8);

    private final CpuClock ours;
    private final long busyNanos;
    private final long begunNanos;

    private Noise(CpuClock ours, long busyNanos, long begunNanos) {
        this.ours = ours;
        this.busyNanos = busyNanos;
        this.begunNanos = begunNanos;
    }

    static Noise begin() throws IOException {
        return new Noise(CpuClock.start(ProcessHandle.current()), busyNanos(), System.nanoTime());
    }

    /** Of all processors, 0 to 1, to some hundredths. */
    double share() throws IOException {
        long machineNanos =
                (System.nanoTime() - begunNanos) * Runtime.getRuntime().availableProcessors();
        long others = busyNanos() - busyNanos - ours.stop().nanos();
        return Math.max(0, (double) others / machineNanos);
    }

    /** What all processors together worked, and what a host they share took from them. */
    private static long busyNanos() throws IOException {
        String[] fields = Files.readAllLines(Path.of("/proc/stat")).get(0).split("\\s+");
        // proc(5): cpu user nice system idle iowait irq softirq steal
        return BUSY_FIELDS.stream()
                        .mapToLong(field -> Long.parseLong(fields[field]))
                        .sum()
                * NANOS_PER_TICK;
    }
}
