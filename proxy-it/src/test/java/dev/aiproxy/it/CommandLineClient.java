package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A program that prints what it gets as it gets it. */
final class CommandLineClient implements StreamingClient {
    private static final String HTTP_CLIENT = """
            import http.client, sys, urllib.parse
            url = urllib.parse.urlsplit(sys.argv[1])
            connection = http.client.HTTPConnection(url.netloc)
            connection.request("POST", url.path, b"{}", {"Content-Type": "application/json"})
            for line in connection.getresponse():
                sys.stdout.buffer.write(line)
                sys.stdout.flush()
            """;
    private static final String URLLIB = """
            import sys, urllib.request
            with urllib.request.urlopen(sys.argv[1], b"{}") as response:
                for line in response:
                    sys.stdout.buffer.write(line)
                    sys.stdout.flush()
            """;

    private final String name;
    private final List<String> command;

    private CommandLineClient(String name, List<String> command) {
        this.name = name;
        this.command = command;
    }

    /** curl, told not to buffer. */
    static CommandLineClient curl() {
        return new CommandLineClient(
                "curl", List.of("curl", "--silent", "--no-buffer", "--noproxy", "*", "--data", "{}"));
    }

    /** The client in Python's library that others are built on. */
    static CommandLineClient httpClient() {
        return new CommandLineClient("python http.client", List.of("python3", "-c", HTTP_CLIENT));
    }

    /** The client in Python's library that scripts use. */
    static CommandLineClient urllib() {
        return new CommandLineClient("python urllib", List.of("python3", "-c", URLLIB));
    }

    @Override
    public VendorApi api() {
        return VendorApi.OPENAI_CHAT;
    }

    @Override
    public StreamedCall stream(URI proxy) {
        List<String> withUrl = new ArrayList<>(command);
        withUrl.add(proxy + api().path());
        return new PrintedCall(ClientProcess.start(Path.of("target"), withUrl));
    }

    @Override
    public String toString() {
        return name;
    }

    /** Reads the events as they are on the wire. */
    private static final class PrintedCall implements StreamedCall {
        private static final String DATA = "data: ";
        private static final String DONE = DATA + "[DONE]";

        private final ClientProcess process;

        PrintedCall(ClientProcess process) {
            this.process = process;
        }

        @Override
        public Optional<JsonNode> next() {
            String data = process.nextLine().orElseThrow();
            assertThat(process.nextLine())
                    .as("the empty line that ends an event")
                    .contains("");
            if (!data.equals(DONE)) {
                return Optional.of(Json.parse(data.substring(DATA.length())));
            }
            assertThat(process.awaitExit()).as("exit code").isZero();
            return Optional.empty();
        }

        /** As Ctrl-C would, or less kindly. */
        @Override
        public void cancel() {
            process.close();
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
