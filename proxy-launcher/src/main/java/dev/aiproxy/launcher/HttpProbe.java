package dev.aiproxy.launcher;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One exchange in HTTP/1.1 on a connection that ends with it. It is as plain as can be, since what a client library does
 * about connections, redirects and times would blur what is to be seen.
 *
 * @param status status of the response
 * @param fields its fields by lower-case name; the last of those of one name
 */
record HttpProbe(int status, Map<String, String> fields, InputStream body) {

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] (\\d{3}).*");
    private static final Pattern PROXY_ERROR = Pattern.compile("\"proxy_error\".*\"code\"\\s*:\\s*\"(\\w+)\"");
    private static final int LONGEST_LINE = 65_536;
    private static final int LONGEST_BODY = 65_536;

    /** Copies the fields. */
    HttpProbe {
        fields = Map.copyOf(fields);
    }

    /** A request without a body. */
    static String get(String host, String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nAccept: */*\r\nConnection: close\r\n\r\n";
    }

    /**
     * A request with one.
     *
     * @param fields whole lines
     */
    static String post(String host, String path, List<String> fields, String json) {
        List<String> lines = new ArrayList<>(List.of("POST " + path + " HTTP/1.1", "Host: " + host));
        lines.addAll(fields);
        lines.add("Content-Type: application/json");
        lines.add("Connection: close");
        lines.add("Content-Length: " + json.getBytes(StandardCharsets.UTF_8).length);
        return String.join("\r\n", lines) + "\r\n\r\n" + json;
    }

    /** Sends a request and reads the head of its response, past those of 1xx. */
    static HttpProbe ask(Socket connection, String request) throws IOException {
        connection.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        connection.getOutputStream().flush();
        InputStream in = new BufferedInputStream(connection.getInputStream());
        HttpProbe probe = head(in);
        while (probe.status() < 200) {
            probe = head(in);
        }
        return probe;
    }

    private static HttpProbe head(InputStream in) throws IOException {
        String first = line(in);
        Matcher status = STATUS_LINE.matcher(first);
        if (!status.matches()) {
            throw new IOException("it does not answer in HTTP/1.1");
        }
        Map<String, String> fields = new HashMap<>();
        for (String field = line(in); !field.isEmpty(); field = line(in)) {
            int colon = field.indexOf(':');
            if (colon > 0) {
                String name = field.substring(0, colon).toLowerCase(Locale.ROOT);
                fields.put(name, field.substring(colon + 1).strip());
            }
        }
        return new HttpProbe(Integer.parseInt(status.group(1)), fields, in);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        while (next != '\n') {
            if (next < 0) {
                throw new EOFException("the connection ended before the answer");
            }
            if (line.size() == LONGEST_LINE) {
                throw new IOException("a line of the answer is too long");
            }
            line.write(next);
            next = in.read();
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    /** The code of a proxy's own error; empty if the AI server has answered. */
    Optional<String> proxyError() throws IOException {
        if (status < 400) {
            return Optional.empty();
        }
        String text = new String(body.readNBytes(LONGEST_BODY), StandardCharsets.UTF_8);
        Matcher error = PROXY_ERROR.matcher(text);
        return error.find() ? Optional.of(error.group(1)) : Optional.empty();
    }

    /** When each event of a stream has arrived, seen from a moment of {@link System#nanoTime}. */
    TokenTimes events(long startNanos) throws IOException {
        List<Duration> arrivals = new ArrayList<>();
        try {
            while (true) {
                if (line(body).startsWith("data:")) {
                    arrivals.add(Duration.ofNanos(System.nanoTime() - startNanos));
                }
            }
        } catch (EOFException end) {
            return new TokenTimes(arrivals);
        }
    }
}
