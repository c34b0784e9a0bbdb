package dev.aiproxy.it.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** From nothing to the first answer. */
final class StartupScenario implements Scenario {
    private static final Column TIME = Column.compared("first answer ms", 0);
    private static final Column CPU = Column.compared("CPU until then ms", 0);
    private static final Column MEMORY = Column.compared("RSS then MiB", 0);
    private static final Column IDLE_MEMORY = Column.compared("RSS a second later MiB", 0);
    private static final long A_SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Launcher launcher;
    private final Table table = new Table("startup: from the start of the process to its first answer");

    StartupScenario(Launcher launcher) {
        this.launcher = launcher;
    }

    @Override
    public Table table() {
        return table;
    }

    @Override
    public boolean startsProcesses() {
        return true;
    }

    @Override
    public Map<Column, Double> measure(RunningPeer peer) throws IOException {
        Map<Column, Double> result = new LinkedHashMap<>();
        if (peer.isDirect()) {
            return result;
        }
        try (RunningPeer another = launcher.startAnother(peer)) {
            result.put(TIME, another.startNanos() / 1e6);
            result.put(CPU, another.cpuNanos() / 1e6);
            result.put(MEMORY, another.residentBytes() / (double) (1 << 20));
            LockSupport.parkNanos(A_SECOND_NANOS);
            result.put(IDLE_MEMORY, another.residentBytes() / (double) (1 << 20));
        }
        return result;
    }
}
