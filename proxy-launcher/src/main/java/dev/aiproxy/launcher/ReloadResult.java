package dev.aiproxy.launcher;

import java.util.List;

/**
 * What came of reading the settings again.
 *
 * @param exitCode of the verb that asked for it
 * @param changes what is different now, one setting each
 * @param remarks what else is to be said: why all stayed as it was, or what is odd
 */
record ReloadResult(int exitCode, List<String> changes, List<String> remarks) {

    /** Copies the lists. */
    ReloadResult {
        changes = List.copyOf(changes);
        remarks = List.copyOf(remarks);
    }

    static ReloadResult failed(int exitCode, List<String> problems) {
        return new ReloadResult(exitCode, List.of(), problems);
    }

    boolean isDone() {
        return exitCode == ExitCode.OK;
    }

    /** What the proxy itself says of it, in one line. */
    String report() {
        return isDone() ? summary() : "keeps the settings it has: " + String.join("; ", remarks);
    }

    /** What has changed, in one line. */
    String summary() {
        if (changes.isEmpty()) {
            return "reloaded: nothing changed";
        }
        String count = changes.size() == 1 ? "1 setting" : changes.size() + " settings";
        return "reloaded: " + String.join(", ", changes) + ", " + count + " changed";
    }
}
