package dev.aiproxy.launcher;

import dev.aiproxy.InvalidConfigException;
import dev.aiproxy.ProxyException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells a failed verb's reason in one line each, and picks the exit code. */
final class FailureReport implements IExecutionExceptionHandler {

    @Override
    public int handleExecutionException(Exception failure, CommandLine commandLine, ParseResult parsed) {
        PrintWriter err = commandLine.getErr();
        lines(failure).forEach(line -> err.println(Shown.oneLine(line)));
        if (isDebug(parsed)) {
            failure.printStackTrace(err);
        }
        err.flush();
        return isConfiguration(failure) ? ExitCode.CONFIG : ExitCode.FAILED;
    }

    private static boolean isDebug(ParseResult parsed) {
        return parsed.asCommandLineList().stream()
                .anyMatch(verb -> verb.getParseResult().hasMatchedOption(SettingFlags.DEBUG));
    }

    private static List<String> lines(Exception failure) {
        if (failure instanceof InvalidSettingsException invalid) {
            return invalid.problems();
        }
        if (failure instanceof ProxyException || failure instanceof VerbFailedException) {
            return List.of(String.valueOf(failure.getMessage()));
        }
        return List.of("internal error: " + failure + "; add " + SettingFlags.DEBUG + " to see where");
    }

    private static boolean isConfiguration(Exception failure) {
        return failure instanceof InvalidSettingsException || failure instanceof InvalidConfigException;
    }
}
