package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The admin port of a launcher, as whoever runs it sees it. */
record AdminPort(InetSocketAddress address) {

    private static final Pattern OPEN = Pattern.compile("health and metrics on http://127\\.0\\.0\\.1:(\\d+)");

    static AdminPort at(int port) {
        return new AdminPort(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** Waits until the launcher says where it is. */
    static AdminPort of(LauncherProcess launcher) {
        launcher.awaitAddress();
        Eventually.await("the admin port", () -> OPEN.matcher(launcher.out()).find());
        Matcher open = OPEN.matcher(launcher.out());
        assertThat(open.find()).isTrue();
        return at(Integer.parseInt(open.group(1)));
    }

    RawResponse get(String path) throws IOException {
        return get(path, "*/*");
    }

    RawResponse get(String path, String accept) throws IOException {
        try (RawClient client = RawClient.connect(address)) {
            return client.send("GET %s HTTP/1.1\r\nHost: localhost\r\nAccept: %s\r\n\r\n".formatted(path, accept))
                    .readResponse();
        }
    }

    /** Whether so many exchanges have ended, and all that is to be counted of them has been. */
    boolean hasCounted(int exchanges) {
        try {
            Map<String, Double> samples = metrics();
            double ended = samples.entrySet().stream()
                    .filter(sample -> sample.getKey().startsWith("ai_proxy_exchanges_total{"))
                    .mapToDouble(Map.Entry::getValue)
                    .sum();
            return ended == exchanges && samples.get("ai_proxy_exchanges_in_flight") == 0;
        } catch (IOException failure) {
            throw new AssertionError("cannot scrape", failure);
        }
    }

    /** All samples of one scrape, such as {@code a_total{b="c"}}. */
    Map<String, Double> metrics() throws IOException {
        Map<String, Double> samples = new LinkedHashMap<>();
        get("/metrics").text().lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int space = line.lastIndexOf(' ');
            samples.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
        });
        return samples;
    }
}
