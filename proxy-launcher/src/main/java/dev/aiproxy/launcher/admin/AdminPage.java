package dev.aiproxy.launcher.admin;

import java.util.function.Supplier;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Something to see on the admin port. Called on the admin server's few threads, which it must not hold for long. */
public interface AdminPage {

    /**
     * Whether it is what a request asks for; of several, the first of the server's list is.
     *
     * @param path decoded and without the query, such as {@code /metrics}
     */
    boolean isAt(String path);

    /**
     * Answers a GET, or a HEAD, for which the server leaves out the body. It may return before the answer is whole, and go
     * on with it for as long as it likes.
     *
     * @param callback to be told when the answer is whole
     * @throws Exception for a 500
     */
    void answer(Request request, Response response, Callback callback) throws Exception;

    /** A page at one path, with an answer that is made anew for each request. */
    static AdminPage of(String path, Supplier<AdminAnswer> answer) {
        return new AdminPage() {
            @Override
            public boolean isAt(String asked) {
                return asked.equals(path);
            }

            @Override
            public void answer(Request request, Response response, Callback callback) {
                answer.get().send(response, callback);
            }
        };
    }
}
