package dev.aiproxy.launcher;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes the file of {@link SharedClasses}; {@code start} runs it beside itself. Not for people. */
@Command(name = FastStartCommand.NAME, hidden = true, description = "Makes the next start faster.")
final class FastStartCommand implements Callable<Integer> {

    static final String NAME = "fast-start";
    static final String TRAIN = "--train";

    private final Surroundings surroundings;

    @Option(names = TRAIN, description = "load the classes of a proxy at work, and end")
    private boolean train;

    FastStartCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Exception {
        if (train) {
            return Training.run() ? ExitCode.OK : ExitCode.FAILED;
        }
        boolean isMade = SharedClasses.of(surroundings.environment())
                .filter(SharedClasses::makeUnlessThere)
                .isPresent();
        return isMade ? ExitCode.OK : ExitCode.FAILED;
    }
}
