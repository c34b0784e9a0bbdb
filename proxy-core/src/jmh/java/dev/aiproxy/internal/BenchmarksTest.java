package dev.aiproxy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Only with the profile that compiles the benchmarks. */
final class BenchmarksTest {

    @Test
    void eachRuns() throws RunnerException {
        OptionsBuilder shortly = new OptionsBuilder();
        shortly.forks(0).warmupIterations(0).measurementIterations(1);
        shortly.measurementTime(TimeValue.milliseconds(10)).shouldFailOnError(true);
        shortly.verbosity(VerboseMode.SILENT);

        Collection<RunResult> results = new Runner(shortly.build()).run();

        assertThat(results).isNotEmpty();
    }
}
