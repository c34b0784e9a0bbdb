package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Where the figures come from. */
final class Machine {
    private Machine() {}

    static String describe(Options options, Map<String, String> versions) throws IOException {
        StringBuilder text = new StringBuilder("## Benchmark\n\n");
        text.append("- machine: ")
                .append(Runtime.getRuntime().availableProcessors())
                .append(" × ");
        text.append(processor()).append(", ").append(memoryGibibytes()).append(" GiB, ");
        text.append(System.getProperty("os.name")).append(' ').append(System.getProperty("os.version"));
        text.append("; load at the end ")
                .append(Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
        text.append("\n- java: ").append(System.getProperty("java.runtime.version"));
        text.append("; flags of every measured JVM: ");
        text.append(options.jvmFlags().isEmpty() ? "none" : String.join(" ", options.jvmFlags()));
        text.append("\n- client: ").append(options.clientProtocol());
        text.append("\n- upstream: ").append(upstream(options)).append('\n');
        versions.forEach((name, version) ->
                text.append("- ").append(name).append(": ").append(version).append('\n'));
        text.append("- options: ")
                .append(options.values().entrySet().stream()
                        .map(option -> option.getKey() + "=" + option.getValue())
                        .collect(Collectors.joining(", ")));
        return text.append('\n').toString();
    }

    private static String upstream(Options options) {
        if (options.http2Upstream()) {
            return "HTTP/2 with TLS";
        }
        return options.tlsUpstream() ? "HTTP/1.1 with TLS" : "HTTP/1.1";
    }

    private static String processor() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/cpuinfo"));
        return lines.stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .findFirst()
                .orElse("unknown processor");
    }

    private static long memoryGibibytes() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/meminfo")).get(0);
        return Math.round(Double.parseDouble(line.replaceAll("\\D", "")) / (1 << 20));
    }
}
