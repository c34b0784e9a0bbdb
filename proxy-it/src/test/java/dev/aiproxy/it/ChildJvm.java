package dev.aiproxy.it;

import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** What another JVM of this machine holds, asked through its management agent. */
final class ChildJvm implements AutoCloseable {
    private final long pid;
    private final JMXConnector connector;
    private final MBeanServerConnection beans;

    private ChildJvm(long pid, JMXConnector connector) throws IOException {
        this.pid = pid;
        this.connector = connector;
        this.beans = connector.getMBeanServerConnection();
    }

    static ChildJvm attach(long pid) throws Exception {
        VirtualMachine machine = VirtualMachine.attach(String.valueOf(pid));
        try {
            return new ChildJvm(
                    pid, JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent())));
        } finally {
            machine.detach();
        }
    }

    /** What it holds now, garbage collected before. */
    Holdings holdings() throws IOException {
        MemoryMXBean memory = ManagementFactory.newPlatformMXBeanProxy(
                beans, ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class);
        memory.gc();
        BufferPoolMXBean direct = ManagementFactory.newPlatformMXBeanProxy(
                beans, "java.nio:type=BufferPool,name=direct", BufferPoolMXBean.class);
        ThreadMXBean threads = ManagementFactory.newPlatformMXBeanProxy(
                beans, ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
        return new Holdings(
                memory.getHeapMemoryUsage().getUsed(), direct.getMemoryUsed(), openFiles(), threads.getThreadCount());
    }

    private long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return files.count();
        }
    }

    @Override
    public void close() throws IOException {
        if (ProcessHandle.of(pid).isPresent()) {
            connector.close();
        }
    }

    /**
     * Resources of a process.
     *
     * @param heapBytes used heap after a collection
     * @param directBytes direct buffers
     * @param files open file descriptors
     * @param threads live threads
     */
    record Holdings(long heapBytes, long directBytes, long files, int threads) {
        @Override
        public String toString() {
            return String.format(
                    "heap %.1f MB, direct %.1f MB, %d files, %d threads",
                    heapBytes / 1e6, directBytes / 1e6, files, threads);
        }
    }
}
