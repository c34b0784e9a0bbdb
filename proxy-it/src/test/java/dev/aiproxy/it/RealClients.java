package dev.aiproxy.it;

import java.util.stream.Stream;

/** The clients that the proxy is tried with. */
final class RealClients {
    private RealClients() {}

    /** The SDKs of the vendors, and one by others on top of the JDK's HttpClient. */
    static Stream<SdkClient> sdks() {
        return Stream.of(
                new OpenAiJavaClient(VendorApi.OPENAI_CHAT),
                new OpenAiJavaClient(VendorApi.OPENAI_RESPONSES),
                new AnthropicJavaClient(),
                new LangChainClient(),
                NodeClient.openAi(),
                NodeClient.anthropic());
    }

    /** Programs that show a stream as it is. */
    static Stream<StreamingClient> programs() {
        return Stream.of(CommandLineClient.curl(), CommandLineClient.httpClient(), CommandLineClient.urllib());
    }

    /** One of each way to speak TLS: OpenSSL's, the JDK's and Node's. */
    static Stream<StreamingClient> overTls() {
        return Stream.of(
                CommandLineClient.curl(),
                CommandLineClient.urllib(),
                new OpenAiJavaClient(VendorApi.OPENAI_CHAT),
                new AnthropicJavaClient(),
                NodeClient.openAi(),
                NodeClient.anthropic());
    }

    /** Those that choose HTTP/2 where they may: on top of OkHttp. */
    static Stream<SdkClient> inHttp2() {
        return Stream.of(
                new OpenAiJavaClient(VendorApi.OPENAI_CHAT),
                new OpenAiJavaClient(VendorApi.OPENAI_RESPONSES),
                new AnthropicJavaClient());
    }

    /** Every one of them. */
    static Stream<StreamingClient> all() {
        return Stream.concat(sdks(), programs());
    }
}
