package dev.aiproxy.it.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLParameters;

/** TLS, server side, without threads. */
final class TlsWire implements Wire {
    private final SocketChannel channel;
    private final SSLEngine engine;
    private ByteBuffer received;
    private final ByteBuffer encrypted;

    private TlsWire(SocketChannel channel, SSLEngine engine) {
        this.channel = channel;
        this.engine = engine;
        int packetBytes = engine.getSession().getPacketBufferSize();
        received = ByteBuffer.allocate(packetBytes).flip();
        encrypted = ByteBuffer.allocate(2 * packetBytes).flip();
    }

    /** Agrees by ALPN to HTTP/2 alone, or does not take part in it, which is HTTP/1.1. */
    static Stub.Wires wires(Path keyStore, boolean http2) throws IOException {
        SSLContext context = context(keyStore);
        return channel -> {
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(false);
            if (http2) {
                SSLParameters parameters = engine.getSSLParameters();
                parameters.setApplicationProtocols(new String[] {Stub.HTTP_2});
                engine.setSSLParameters(parameters);
            }
            return new TlsWire(channel, engine);
        };
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        while (true) {
            SSLEngineResult result = engine.unwrap(received, into);
            if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                return -1;
            }
            if (result.bytesProduced() > 0) {
                return result.bytesProduced();
            }
            if (result.bytesConsumed() == 0 && !handshake(result.getHandshakeStatus())) {
                received.compact();
                int count = channel.read(received);
                received.flip();
                if (count <= 0) {
                    return count;
                }
            }
        }
    }

    /** Does the engine's part of a handshake, if it is its turn. */
    private boolean handshake(HandshakeStatus status) throws IOException {
        if (status == HandshakeStatus.NEED_TASK) {
            engine.getDelegatedTask().run();
            return true;
        }
        if (status == HandshakeStatus.NEED_WRAP) {
            wrap(ByteBuffer.allocate(0));
            flush();
            return true;
        }
        return false;
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
        while (from.hasRemaining() && flush()) {
            wrap(from);
        }
        flush();
    }

    private void wrap(ByteBuffer from) throws IOException {
        encrypted.compact();
        engine.wrap(from, encrypted);
        encrypted.flip();
    }

    @Override
    public boolean flush() throws IOException {
        if (encrypted.hasRemaining()) {
            channel.write(encrypted);
        }
        return !encrypted.hasRemaining();
    }

    private static SSLContext context(Path keyStore) throws IOException {
        try (InputStream in = Files.newInputStream(keyStore)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, Certificates.PASSWORD.toCharArray());
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, Certificates.PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException failure) {
            throw new IOException("cannot read " + keyStore, failure);
        }
    }
}
