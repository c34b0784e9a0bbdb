package dev.aiproxy.launcher;

import dev.aiproxy.launcher.admin.AdminAnswer;
import dev.aiproxy.launcher.admin.AdminPage;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/**
 * {@code /live.txt}: what {@code top} shows, drawn here, where the facts are. Whoever has no {@code top} at hand asks
 * with curl.
 */
final class TopPage implements AdminPage {

    static final String PATH = "/live.txt";
    static final String COLUMNS = "columns";
    static final String LINES = "lines";
    static final String COLOURED = "coloured";
    static final String UNICODE = "unicode";

    private static final int USUAL_COLUMNS = 120;

    private final Supplier<LiveSnapshot> snapshots;

    TopPage(Supplier<LiveSnapshot> snapshots) {
        this.snapshots = snapshots;
    }

    @Override
    public boolean isAt(String path) {
        return path.equals(PATH);
    }

    @Override
    public void answer(Request request, Response response, Callback callback) {
        Fields asked = Request.extractQueryParameters(request);
        TopForm form = new TopForm(
                number(asked, COLUMNS).orElse(USUAL_COLUMNS),
                number(asked, LINES).orElse(0),
                Boolean.parseBoolean(asked.getValue(COLOURED)),
                !"false".equals(asked.getValue(UNICODE)),
                ZoneId.systemDefault());
        new AdminAnswer(200, "text/plain; charset=utf-8", TopScreen.draw(snapshots.get(), form))
                .send(response, callback);
    }

    private static Optional<Integer> number(Fields asked, String name) {
        try {
            return Optional.ofNullable(asked.getValue(name)).map(Integer::valueOf);
        } catch (NumberFormatException none) {
            return Optional.empty();
        }
    }

    /** How to ask for it in this form. */
    static String request(TopForm form) {
        return "%s?%s=%d&%s=%d&%s=%b&%s=%b"
                .formatted(
                        PATH,
                        COLUMNS,
                        form.columns(),
                        LINES,
                        form.lines(),
                        COLOURED,
                        form.isColoured(),
                        UNICODE,
                        form.isUnicode());
    }
}
