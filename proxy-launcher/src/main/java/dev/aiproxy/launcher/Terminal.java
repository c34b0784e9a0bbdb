package dev.aiproxy.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The terminal that a process was started in, if it was.
 *
 * @param wasThere whether there was one
 */
record Terminal(boolean wasThere) {

    /** For a process that goes on without, whatever it was started in. */
    static final Terminal NONE = new Terminal(false);

    /** What the system calls the terminal of whoever opens it, and lets nobody open who has none. */
    private static final Path OWN = Path.of("/dev/tty");

    static Terminal now() {
        return new Terminal(isThere());
    }

    /** Whether there is none any more: its window was closed, or its connection broke off. */
    boolean isLost() {
        return wasThere && !isThere();
    }

    private static boolean isThere() {
        try (FileChannel opened = FileChannel.open(OWN, StandardOpenOption.READ)) {
            return opened.isOpen();
        } catch (IOException none) {
            return false;
        }
    }
}
