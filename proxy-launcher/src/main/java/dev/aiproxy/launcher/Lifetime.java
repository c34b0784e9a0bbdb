package dev.aiproxy.launcher;

import java.util.Optional;

/** Decides how long a program that serves goes on. */
@FunctionalInterface
interface Lifetime {

    /** Waits for the end of the program's time and sees to it that {@code stop} has run when it is over. */
    void serveUntilOver(Stop stop);

    /** Ends the program's time, as if it had been told to end. */
    default void end() {}

    /** How the program's work is ended. */
    @FunctionalInterface
    interface Stop {

        /** From now on, whoever ends the program's time ends the work in an orderly way. */
        default void ready() {}

        /** Ends the work in an orderly way; may take as long as the drain time. */
        void run();

        /** Somebody will not wait: {@link #run}, which runs by then, is to come to its end at once. */
        default void hurry() {}

        /** What a hang-up that comes now asks for; without, it is one more way to be told to end. */
        default Optional<Reload> reload() {
            return Optional.empty();
        }
    }

    /** How a program is told to read its settings again. */
    interface Reload {

        /** It can be told from now on. */
        void announce();

        /** Somebody has told it; returns at once. */
        void request();
    }
}
