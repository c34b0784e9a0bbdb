package dev.aiproxy.internal;

import dev.aiproxy.ProxyConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jetty.util.BufferUtil;

/**
 * Asks a SOCKS proxy, version 5, for a connection (RFC 1928), with user and password if there are any (RFC 1929). Names
 * are sent as they are, for the proxy to look up.
 */
final class SocksDialogue implements ProxyDialogue {

    private static final byte VERSION = 5;
    private static final byte LOGIN_VERSION = 1;
    private static final byte NO_LOGIN = 0;
    private static final byte LOGIN = 2;
    private static final byte CONNECT = 1;
    private static final byte IPV4 = 1;
    private static final byte NAME = 3;
    private static final byte IPV6 = 4;
    private static final byte SUCCEEDED = 0;

    private final Authority upstream;
    private final Optional<ProxyConfig.ProxyLogin> login;
    private State state = State.CHOOSING;

    private enum State {
        /** How to log in. */
        CHOOSING,
        LOGGING_IN,
        CONNECTING,
        OVER
    }

    SocksDialogue(Authority upstream, Optional<ProxyConfig.ProxyLogin> login) {
        this.upstream = upstream;
        this.login = login;
    }

    @Override
    public ByteBuffer opening() {
        return login.isPresent() ? words(VERSION, 2, NO_LOGIN, LOGIN) : words(VERSION, 1, NO_LOGIN);
    }

    @Override
    public ByteBuffer reply(ByteBuffer heard) throws UpstreamProxyException {
        return switch (state) {
            case CHOOSING -> heard.remaining() < 2 ? BufferUtil.EMPTY_BUFFER : onChoice(heard);
            case LOGGING_IN -> heard.remaining() < 2 ? BufferUtil.EMPTY_BUFFER : onLogin(heard);
            case CONNECTING -> onAnswer(heard);
            case OVER -> BufferUtil.EMPTY_BUFFER;
        };
    }

    private ByteBuffer onChoice(ByteBuffer heard) throws UpstreamProxyException {
        expect(VERSION, heard.get());
        byte choice = heard.get();
        if (choice == NO_LOGIN) {
            return request();
        }
        if (choice != LOGIN || login.isEmpty()) {
            throw new UpstreamProxyException(Failure.UPSTREAM_PROXY_AUTH_FAILED, "no way to log in that it takes");
        }
        state = State.LOGGING_IN;
        byte[] user = login.get().user().getBytes(StandardCharsets.UTF_8);
        byte[] password = login.get().password().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(3 + user.length + password.length)
                .put(LOGIN_VERSION)
                .put((byte) user.length)
                .put(user)
                .put((byte) password.length)
                .put(password)
                .flip();
    }

    private ByteBuffer onLogin(ByteBuffer heard) throws UpstreamProxyException {
        // Some answer with the version of SOCKS; only the status counts.
        heard.get();
        if (heard.get() != SUCCEEDED) {
            throw new UpstreamProxyException(Failure.UPSTREAM_PROXY_AUTH_FAILED, "login refused");
        }
        return request();
    }

    private ByteBuffer request() {
        state = State.CONNECTING;
        String host = upstream.bareHost();
        byte[] address = address(host);
        byte[] name = host.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer request = ByteBuffer.allocate(7 + name.length + address.length);
        request.put(VERSION).put(CONNECT).put((byte) 0);
        if (address.length > 0) {
            request.put(address.length == 4 ? IPV4 : IPV6).put(address);
        } else {
            request.put(NAME).put((byte) name.length).put(name);
        }
        return request.putShort((short) upstream.port()).flip();
    }

    private static byte[] address(String host) {
        try {
            // Neither form is ever looked up.
            boolean isAddress = host.contains(":") || AddressLookups.isIpv4(host);
            return isAddress ? InetAddress.getByName(host).getAddress() : new byte[0];
        } catch (UnknownHostException notAnAddress) {
            return new byte[0];
        }
    }

    /** Version, reply, reserved, and the proxy's own address, which is of no interest but for its length. */
    private ByteBuffer onAnswer(ByteBuffer heard) throws UpstreamProxyException {
        if (heard.remaining() < 2) {
            return BufferUtil.EMPTY_BUFFER;
        }
        int begin = heard.position();
        expect(VERSION, heard.get(begin));
        byte answer = heard.get(begin + 1);
        if (answer != SUCCEEDED) {
            // Some close behind the code without the rest.
            throw new UpstreamProxyException(Failure.UPSTREAM_PROXY_REFUSED, "reply " + answer);
        }
        if (heard.remaining() < 5) {
            return BufferUtil.EMPTY_BUFFER;
        }
        int length = 6 + addressLength(heard.get(begin + 3), heard.get(begin + 4));
        if (heard.remaining() >= length) {
            heard.position(begin + length);
            state = State.OVER;
        }
        return BufferUtil.EMPTY_BUFFER;
    }

    private static int addressLength(byte type, byte first) throws UpstreamProxyException {
        return switch (type) {
            case IPV4 -> 4;
            case IPV6 -> 16;
            case NAME -> 1 + (first & 0xff);
            default -> throw new UpstreamProxyException(Failure.UPSTREAM_PROXY_BAD_RESPONSE, "no SOCKS");
        };
    }

    private static void expect(byte expected, byte actual) throws UpstreamProxyException {
        if (actual != expected) {
            throw new UpstreamProxyException(Failure.UPSTREAM_PROXY_BAD_RESPONSE, "no SOCKS");
        }
    }

    private static ByteBuffer words(int... bytes) {
        ByteBuffer words = ByteBuffer.allocate(bytes.length);
        for (int each : bytes) {
            words.put((byte) each);
        }
        return words.flip();
    }

    @Override
    public boolean isOver() {
        return state == State.OVER;
    }
}
