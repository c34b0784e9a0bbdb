package dev.aiproxy.launcher;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Names the process that listens on a TCP port, where the system tells. */
final class PortOwner {

    private static final List<Path> SOCKETS = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final String LISTENING = "0A";

    private PortOwner() {}

    /** Such as {@code PID 4711 (nginx)}; empty if the process cannot be found, as that of another user. */
    static Optional<String> of(int port) {
        Optional<Long> pid = Files.exists(SOCKETS.get(0)) ? fromProc(port) : fromLsof(port);
        return pid.map(found -> "PID " + found
                + ProcessHandle.of(found)
                        .flatMap(process -> process.info().command())
                        .map(command -> " (" + Shown.oneLine(command) + ")")
                        .orElse(""));
    }

    private static Optional<Long> fromProc(int port) {
        Set<String> sockets = new HashSet<>();
        SOCKETS.forEach(table -> sockets.addAll(listening(table, port)));
        if (sockets.isEmpty()) {
            return Optional.empty();
        }
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> hasOneOf(sockets, Path.of("/proc", pid.toString(), "fd")))
                .findFirst();
    }

    /** proc(5), /proc/net/tcp: local address, remote address and state are fields 1 to 3, the inode is field 9. */
    private static Collection<String> listening(Path table, int port) {
        String wanted = ":%04X".formatted(port);
        try (Stream<String> lines = Files.lines(table)) {
            return lines.map(line -> line.strip().split("\\s+"))
                    .filter(fields -> fields[1].endsWith(wanted) && fields[3].equals(LISTENING))
                    .map(fields -> "socket:[" + fields[9] + "]")
                    .toList();
        } catch (IOException noSuchTable) {
            return List.of();
        }
    }

    private static boolean hasOneOf(Set<String> sockets, Path descriptors) {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(descriptors)) {
            for (Path descriptor : open) {
                if (sockets.contains(linkTarget(descriptor))) {
                    return true;
                }
            }
            return false;
        } catch (IOException goneOrNotOurs) {
            return false;
        }
    }

    private static String linkTarget(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    private static Optional<Long> fromLsof(int port) {
        ProcessBuilder lsof = new ProcessBuilder("lsof", "-nP", "-iTCP:" + port, "-sTCP:LISTEN", "-t")
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        return ProcessOutput.of(lsof).flatMap(pids -> pids.lines().findFirst()).map(Long::valueOf);
    }
}
