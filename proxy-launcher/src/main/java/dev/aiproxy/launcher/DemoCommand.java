package dev.aiproxy.launcher;

import dev.aiproxy.ForwardProxy;
import dev.aiproxy.ProxyException;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows the proxy at work, with a small AI server of its own behind it: no account, no settings, no files. */
@Command(
        name = "demo",
        description = "Runs the proxy in front of a small built-in AI server, to be tried without an account.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true)
final class DemoCommand implements Callable<Integer> {

    private static final String LOOPBACK = "127.0.0.1";
    private static final int USUAL_PORT = 8080;

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "port to listen on, 0 for a free one; 8080, or a free one if that is taken, unless set")
    private Optional<Integer> port = Optional.empty();

    @Option(names = "--once", description = "make one streamed call, show when each token arrives, and end")
    private boolean once;

    @Option(names = SettingFlags.DEBUG, description = "show stack traces of failures")
    private boolean debug;

    DemoCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        port.ifPresent(this::checkPort);
        try (DemoUpstream upstream = DemoUpstream.start();
                ForwardProxy proxy = startProxy(upstream.uri())) {
            URI address =
                    URI.create("http://" + LOOPBACK + ":" + proxy.address().getPort());
            surroundings
                    .out()
                    .println("listening on " + address + ", in front of a demo AI server on " + upstream.uri());
            if (once) {
                return new DemoCall(surroundings.out()).make(address) ? ExitCode.OK : ExitCode.FAILED;
            }
            invite(address);
            surroundings.lifetime().serveUntilOver(proxy::close);
            return ExitCode.OK;
        }
    }

    private void checkPort(int wanted) {
        if (wanted < 0 || wanted > 65_535) {
            throw new ParameterException(
                    spec.commandLine(), "Invalid value for option '--port': must be 0 to 65535, was " + wanted);
        }
    }

    private ForwardProxy startProxy(URI target) {
        if (port.isPresent()) {
            return startProxy(target, port.get());
        }
        try {
            return startProxy(target, USUAL_PORT);
        } catch (ProxyException taken) {
            return startProxy(target, 0);
        }
    }

    private static ForwardProxy startProxy(URI target, int port) {
        return ForwardProxy.builder()
                .target(target)
                .listen(LOOPBACK, port)
                .build()
                .start();
    }

    private void invite(URI address) {
        surroundings.out().println("try it:");
        surroundings
                .out()
                .println("  curl -N " + address + DemoUpstream.CHAT_PATH + " -H 'Content-Type: application/json' -d '"
                        + DemoCall.BODY + "'");
        surroundings
                .out()
                .println("or set OPENAI_BASE_URL=" + address + "/v1 and use any OpenAI client; Ctrl-C ends it");
    }
}
