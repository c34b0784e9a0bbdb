package dev.aiproxy.launcher;

import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Shows by which addresses clients reach the proxy, and what to paste into them. */
@Command(
        name = "show-ip",
        description = "Shows the addresses by which clients reach the proxy, with lines to paste into them.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        footer = {
            "",
            "The addresses are those of a proxy that runs, else those it would have. A firewall may still be in the way.",
            "",
            "Examples:",
            "  " + Verbs.PROGRAM + " show-ip",
            "  " + Verbs.PROGRAM + " show-ip --json --home /srv/ai-proxy"
        })
final class ShowIpCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "as a JSON array of {uri, address, interface, reachable}")
    private boolean json;

    ShowIpCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        ListenAddress listening = listening(spec.commandLine().getParseResult());
        List<LocalAddress> addresses = LocalAddress.all();
        if (json) {
            surroundings.out().println(json(listening, addresses));
            return ExitCode.OK;
        }
        addresses.forEach(address -> surroundings.out().println(line(listening, address)));
        addresses.stream()
                .filter(address -> address.reaches(address(listening)))
                // The last of the first kind: one of the network where there is one, else loopback.
                .reduce((one, next) -> one.address().isLoopbackAddress() ? next : one)
                .ifPresent(best -> paste(listening.uri(best.address()), surroundings.out()));
        return ExitCode.OK;
    }

    private ListenAddress listening(ParseResult parsed) {
        HomeProxy proxy = new HomeProxy(surroundings.home(parsed));
        return proxy.state()
                .address()
                .filter(address -> proxy.state().isRunning())
                .orElseGet(() -> planned(surroundings.settings(parsed)));
    }

    private static ListenAddress planned(Settings settings) {
        if (settings.get(ConfigKey.LISTEN_PORT) == 0) {
            throw new VerbFailedException("LISTEN_PORT is 0, so the port is known only once the proxy runs; start it");
        }
        try {
            return ListenAddress.of(settings);
        } catch (UnknownHostException e) {
            throw new VerbFailedException(
                    "LISTEN_HOST " + settings.get(ConfigKey.LISTEN_HOST)
                            + " is unknown; choose an address of this machine",
                    e);
        }
    }

    private static InetAddress address(ListenAddress listening) {
        return listening.socket().getAddress();
    }

    private static String line(ListenAddress listening, LocalAddress local) {
        String note = local.reaches(address(listening))
                ? ""
                : "  not reachable: LISTEN_HOST is " + IpText.of(address(listening));
        String place = local.address().isLoopbackAddress() ? "this machine alone" : local.network();
        return "%-42s %s%s".formatted(listening.uri(local.address()), place, note);
    }

    private static void paste(String uri, PrintStream out) {
        Stream.of(
                        "",
                        "OpenAI, Python:  client = OpenAI(base_url=\"%s/v1\")",
                        "OpenAI, Node:    const client = new OpenAI({ baseURL: \"%s/v1\" });",
                        "OpenAI, others:  export OPENAI_BASE_URL=%s/v1",
                        "Anthropic SDKs:  export ANTHROPIC_BASE_URL=%s",
                        "Claude Code:     ANTHROPIC_BASE_URL=%s claude",
                        "curl:            curl %s/v1/models -H \"Authorization: Bearer $OPENAI_API_KEY\"")
                .map(line -> line.replace("%s", uri))
                .forEach(out::println);
    }

    private static String json(ListenAddress listening, List<LocalAddress> addresses) {
        return addresses.stream()
                .map(local -> new JsonObject()
                        .text("uri", listening.uri(local.address()))
                        .text("address", IpText.of(local.address()))
                        .text("interface", local.network())
                        .bool("reachable", local.reaches(address(listening)))
                        .toString())
                .collect(Collectors.joining(",\n  ", "[\n  ", "\n]"));
    }
}
