package dev.aiproxy.launcher;

import dev.aiproxy.launcher.admin.AdminAnswer;
import dev.aiproxy.launcher.admin.AdminPage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * A file of the live page, as it is in the jar. Names of models and paths come from outside, so the page may run nothing
 * but its own scripts, load nothing but its own files, and be framed by nobody.
 *
 * @param path where it is asked for
 * @param file its name
 */
record LivePage(String path, String file) implements AdminPage {

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** All files of it. */
    static List<AdminPage> all() {
        return Stream.concat(
                        Stream.of(new LivePage("/", "index.html")),
                        Stream.of("live.css", "live.js", "charts.js", "tables.js", "text.js", "icon.svg")
                                .map(file -> new LivePage("/" + file, file)))
                .map(AdminPage.class::cast)
                .toList();
    }

    @Override
    public boolean isAt(String asked) {
        return asked.equals(path);
    }

    @Override
    public void answer(Request request, Response response, Callback callback) throws IOException {
        response.getHeaders().put("Content-Security-Policy", POLICY);
        response.getHeaders().put("Referrer-Policy", "no-referrer");
        new AdminAnswer(200, contentType(), content()).send(response, callback);
    }

    private String contentType() {
        return switch (file.substring(file.lastIndexOf('.'))) {
            case ".css" -> "text/css; charset=utf-8";
            case ".js" -> "text/javascript; charset=utf-8";
            case ".svg" -> "image/svg+xml";
            default -> "text/html; charset=utf-8";
        };
    }

    private String content() throws IOException {
        try (InputStream in = LivePage.class.getResourceAsStream("live/" + file)) {
            if (in == null) {
                throw new FileNotFoundException("the jar lacks live/" + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
