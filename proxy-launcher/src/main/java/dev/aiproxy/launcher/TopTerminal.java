package dev.aiproxy.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The terminal as a screen that is drawn anew, with keys that count at once. Where there is no {@code stty}, keys count
 * with the line they are in. Whatever ends the process, the terminal is left as it was found. For one thread, and for the
 * one of the process's end; the lock has them write one at a time.
 */
final class TopTerminal implements AutoCloseable {

    private static final String ENTER = "\u001b[?1049h\u001b[?25l";
    private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final Pattern SIZE = Pattern.compile("(\\d+) (\\d+)");
    private static final Size USUAL = new Size(24, 80);
    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(50).toNanos();

    private final PrintStream out;
    private final InputStream in;
    private final Optional<String> before;
    private final Thread restoring = new Thread(this::restore, "top-terminal");
    private boolean isRestored;

    /** Lines and columns. */
    record Size(int lines, int columns) {}

    private TopTerminal(PrintStream out, InputStream in, Optional<String> before) {
        this.out = out;
        this.in = in;
        this.before = before;
    }

    /** Whether both what is typed and what is printed are somebody's at a terminal. */
    static boolean isThere() {
        return shell("test -t 0 && test -t 1", ProcessBuilder.Redirect.INHERIT).isPresent();
    }

    /** Takes the terminal of this process. */
    static TopTerminal open(PrintStream out) {
        Optional<String> before = shell("stty -g", ProcessBuilder.Redirect.PIPE);
        before.ifPresent(was -> shell("stty -icanon -echo min 1", ProcessBuilder.Redirect.PIPE));
        TopTerminal terminal = new TopTerminal(out, System.in, before);
        Runtime.getRuntime().addShutdownHook(terminal.restoring);
        terminal.print(ENTER);
        return terminal;
    }

    /** Asked each time, since windows are made larger and smaller. */
    Size size() {
        Matcher size =
                SIZE.matcher(shell("stty size", ProcessBuilder.Redirect.PIPE).orElse(""));
        if (!size.matches() || size.group(2).equals("0")) {
            return USUAL;
        }
        return new Size(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2)));
    }

    /** Shows lines instead of those before, unless the process is about to end. */
    synchronized void show(String lines) {
        if (!isRestored) {
            print(HOME + lines.stripTrailing().replace("\n", CLEAR_LINE + "\r\n") + CLEAR_LINE + CLEAR_BELOW);
        }
    }

    private void print(String text) {
        out.print(text);
        out.flush();
    }

    /** Whether somebody wants to leave: waits for so long. */
    boolean isLeft(Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        do {
            while (in.available() > 0) {
                int key = in.read();
                if (key == 'q' || key == 'Q') {
                    return true;
                }
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        } while (System.nanoTime() - deadline < 0 && !Thread.currentThread().isInterrupted());
        return Thread.currentThread().isInterrupted();
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(restoring);
        } catch (IllegalStateException alreadyEnding) {
            // Then whoever comes first restores.
        }
        restore();
    }

    private synchronized void restore() {
        if (isRestored) {
            return;
        }
        isRestored = true;
        print(LEAVE);
        before.ifPresent(was -> shell("stty " + was, ProcessBuilder.Redirect.PIPE));
    }

    /** What a command prints whose stdin is that of this process; empty if it fails or there is no shell. */
    private static Optional<String> shell(String command, ProcessBuilder.Redirect output) {
        ProcessBuilder shell = new ProcessBuilder("/bin/sh", "-c", command)
                .redirectInput(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(output)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        return ProcessOutput.of(shell);
    }
}
