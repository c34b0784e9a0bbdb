package dev.aiproxy.internal;

import dev.aiproxy.ProxyConfig;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.BufferUtil;

/** Asks a proxy that speaks HTTP for a tunnel (RFC 9110 §9.3.6). */
final class ConnectDialogue implements ProxyDialogue {

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([1-5]\\d\\d)(?: .*)?");

    private final Authority upstream;
    private final Optional<ProxyConfig.ProxyLogin> login;
    private boolean isOver;

    ConnectDialogue(Authority upstream, Optional<ProxyConfig.ProxyLogin> login) {
        this.upstream = upstream;
        this.login = login;
    }

    @Override
    public ByteBuffer opening() {
        HeadWriter head =
                new HeadWriter().text("CONNECT " + upstream + " HTTP/1.1\r\n").field("Host", upstream.toString());
        login.ifPresent(known -> head.field("Proxy-Authorization", basic(known)));
        return ByteBuffer.wrap(head.text("\r\n").toBytes());
    }

    /** RFC 7617 §2, in UTF-8. */
    static String basic(ProxyConfig.ProxyLogin login) {
        byte[] pair = (login.user() + ":" + login.password()).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    @Override
    public ByteBuffer reply(ByteBuffer heard) throws UpstreamProxyException {
        for (int end = endOfHead(heard); end > 0 && !isOver; end = endOfHead(heard)) {
            byte[] head = new byte[end - heard.position()];
            heard.get(head);
            // An interim response may come first.
            isOver = statusOf(new String(head, StandardCharsets.ISO_8859_1)) >= 200;
        }
        return BufferUtil.EMPTY_BUFFER;
    }

    /** Behind the empty line, its lines ended in either way: what old proxies write. */
    private static int endOfHead(ByteBuffer heard) {
        boolean isLineEmpty = false;
        for (int i = heard.position(); i < heard.limit(); i++) {
            if (heard.get(i) == '\n') {
                if (isLineEmpty) {
                    return i + 1;
                }
                isLineEmpty = true;
            } else if (heard.get(i) != '\r') {
                isLineEmpty = false;
            }
        }
        return -1;
    }

    private static int statusOf(String head) throws UpstreamProxyException {
        Matcher statusLine = STATUS_LINE.matcher(head.lines().findFirst().orElse(""));
        if (!statusLine.matches()) {
            throw new UpstreamProxyException(Failure.UPSTREAM_PROXY_BAD_RESPONSE, "no HTTP");
        }
        int status = Integer.parseInt(statusLine.group(1));
        if (status == 407 || status == 401) {
            // tinyproxy 1.11 says 401 to a wrong password.
            throw new UpstreamProxyException(Failure.UPSTREAM_PROXY_AUTH_FAILED, "status " + status);
        }
        if (status >= 300) {
            throw new UpstreamProxyException(Failure.UPSTREAM_PROXY_REFUSED, "status " + status);
        }
        return status;
    }

    @Override
    public boolean isOver() {
        return isOver;
    }
}
