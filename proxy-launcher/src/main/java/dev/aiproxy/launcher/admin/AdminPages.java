package dev.aiproxy.launcher.admin;

import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands each request to the page it asks for, or says why it cannot be had. */
final class AdminPages extends Handler.Abstract {

    private static final Logger logger = LoggerFactory.getLogger(AdminPages.class);

    private final HostGuard guard;
    private final List<AdminPage> pages;

    AdminPages(HostGuard guard, List<AdminPage> pages) {
        this.guard = guard;
        this.pages = List.copyOf(pages);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        if (!guard.allows(Request.getServerName(request))) {
            AdminAnswer.text(
                            403,
                            "refused: the Host of the request is neither an IP address nor localhost nor ADMIN_HOST, so a"
                                    + " foreign web site may have made it; ask by one of these")
                    .send(response, callback);
            return true;
        }
        if (isOfAnotherSite(request)) {
            AdminAnswer.text(403, "refused: another web site has made the request; ask by yourself")
                    .send(response, callback);
            return true;
        }
        if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
            AdminAnswer.text(405, "there is nothing but GET and HEAD here").send(response, callback);
            return true;
        }
        String path = Request.getPathInContext(request);
        pages.stream()
                .filter(page -> page.isAt(path))
                .findFirst()
                .ifPresentOrElse(
                        page -> answer(page, request, response, callback),
                        () -> AdminAnswer.text(404, "no such page").send(response, callback));
        return true;
    }

    /**
     * Such a site could read nothing, but take the place of somebody who may. A link on it that somebody follows is fine.
     */
    private static boolean isOfAnotherSite(Request request) {
        return "cross-site".equals(request.getHeaders().get("Sec-Fetch-Site"))
                && !"navigate".equals(request.getHeaders().get("Sec-Fetch-Mode"));
    }

    private static void answer(AdminPage page, Request request, Response response, Callback callback) {
        try {
            page.answer(request, response, callback);
        } catch (Exception | LinkageError e) {
            logger.warn("cannot answer for {}", Request.getPathInContext(request), e);
            if (response.isCommitted()) {
                callback.failed(e);
                return;
            }
            AdminAnswer.text(500, "cannot answer; proxy.log says why").send(response, callback);
        }
    }
}
