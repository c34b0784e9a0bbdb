package dev.aiproxy.launcher;

/** Decides how long a program that serves goes on. */
@FunctionalInterface
interface Lifetime {

    /**
     * Waits for the end of the program's time and sees to it that {@code stop} has run when it is over.
     *
     * @param stop ends the work in an orderly way; may take as long as the drain time
     */
    void serveUntilOver(Runnable stop);
}
