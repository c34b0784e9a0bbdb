package dev.aiproxy.it.bench;

import java.io.IOException;
import java.util.Map;

/** One kind of work, given to one proxy after the other, round by round. */
interface Scenario {
    Table table();

    /** Not measured: lets a JVM compile what the work needs. */
    default void warmUp(RunningPeer peer) throws IOException {}

    /** One round of one proxy; a figure that cannot be had is not a number. */
    Map<Column, Double> measure(RunningPeer peer) throws IOException;

    /** Whether it starts processes of its own; then whose load is whose cannot be told. */
    default boolean startsProcesses() {
        return false;
    }

    /** How many rounds it takes, if the user's choice is to count at all. */
    default int rounds(int chosen) {
        return chosen;
    }
}
