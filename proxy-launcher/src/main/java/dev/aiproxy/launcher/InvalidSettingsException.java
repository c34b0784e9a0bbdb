package dev.aiproxy.launcher;

import java.util.List;

/** Settings that cannot be used. Tells every problem at once, so that nobody has to start over for each. */
final class InvalidSettingsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    /** @param problems one line each, at least one */
    InvalidSettingsException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    InvalidSettingsException(String problem, Throwable cause) {
        super(problem, cause);
        this.problems = List.of(problem);
    }

    InvalidSettingsException(String problem) {
        this(List.of(problem));
    }

    List<String> problems() {
        return problems;
    }
}
