/** A program that embeds the proxy. It requires the API and nothing else of the proxy. */
module com.example.consumer {
    requires dev.aiproxy.core;
    requires java.net.http;
    requires jdk.httpserver;
}
