package dev.aiproxy.launcher;

/** What the program's end tells whoever started it. */
final class ExitCode {

    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;

    /** As LSB has it for a status: nothing runs. */
    static final int NOT_RUNNING = 3;

    /** EX_CONFIG of sysexits.h: a service manager can tell it from a crash and not try again. */
    static final int CONFIG = 78;

    private ExitCode() {}
}
