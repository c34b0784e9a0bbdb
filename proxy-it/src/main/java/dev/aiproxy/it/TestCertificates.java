package dev.aiproxy.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * A certificate authority for tests and what it has signed, made anew by the JDK's {@code keytool} in each JVM, so that
 * no key is checked in and none of them outlives its validity.
 */
public final class TestCertificates {
    private static final char[] PASSWORD = "not-a-secret".toCharArray();
    private static final String AUTHORITY = "authority";
    private static final int KEYTOOL_SECONDS = 60;

    private final KeyStore keys;

    private TestCertificates(KeyStore keys) {
        this.keys = keys;
    }

    /** The ones of this JVM, made at the first call. */
    public static TestCertificates get() {
        return Holder.INSTANCE;
    }

    /** What signs all the others; nobody trusts it unless told. */
    public X509Certificate authority() {
        return certificate(AUTHORITY);
    }

    /** For a server that is what it says: {@code localhost} and 127.0.0.1, valid today. */
    public SSLContext localhost() {
        return serverContext("localhost");
    }

    /** As {@link #localhost()}, for one that trusts the authority when a client shows a certificate. */
    public SSLContext localhostForKnownClients() {
        return context(managers("localhost"));
    }

    /** For a server with somebody else's name. */
    public SSLContext otherHost() {
        return serverContext("other");
    }

    /** For a server whose certificate ended yesterday. */
    public SSLContext expired() {
        return serverContext("expired");
    }

    /** The certificate of {@link #localhost()} and the authority's. */
    public List<X509Certificate> localhostChain() {
        return chain("localhost");
    }

    /** The key of {@link #localhost()}. */
    public PrivateKey localhostKey() {
        return key("localhost");
    }

    /** As {@link #localhostChain()}, of another certificate for the same names. */
    public List<X509Certificate> renewedChain() {
        return chain("renewed");
    }

    /** The key of {@link #renewedChain()}. */
    public PrivateKey renewedKey() {
        return key("renewed");
    }

    /** The certificate that {@link #knownClient()} shows, and the authority's. */
    public List<X509Certificate> clientChain() {
        return chain("client");
    }

    /** The key of {@link #clientChain()}. */
    public PrivateKey clientKey() {
        return key("client");
    }

    /** {@link #authority()} as PEM, in a file that ends with this JVM. */
    public Path authorityFile() {
        try {
            Path file = Files.createTempFile("test-authority", ".pem");
            file.toFile().deleteOnExit();
            write(file, List.of(authority()));
            return file;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write the authority", failure);
        }
    }

    /** Writes certificates as PEM. */
    public static void write(Path file, List<X509Certificate> certificates) throws IOException {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            try {
                text.append(pem("CERTIFICATE", certificate.getEncoded()));
            } catch (GeneralSecurityException failure) {
                throw new IllegalStateException("no encoding", failure);
            }
        }
        Files.writeString(file, text);
    }

    /** Writes a key as PEM. */
    public static void write(Path file, PrivateKey key) throws IOException {
        Files.writeString(file, pem("PRIVATE KEY", key.getEncoded()));
    }

    private static String pem(String label, byte[] bytes) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + label
                + "-----\n";
    }

    /** For a client that trusts the authority and nobody else, and shows no certificate. */
    public SSLContext trustingClient() {
        return context();
    }

    /** For a client that trusts the authority and shows a certificate that the authority has signed. */
    public SSLContext knownClient() {
        return context(managers("client"));
    }

    /** For a client that trusts the authority and shows a certificate that nobody else has signed. */
    public SSLContext strangeClient() {
        return context(managers("stranger"));
    }

    /** Trusts the authority and nobody else. */
    public X509TrustManager trust() {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(AUTHORITY, authority());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            return (X509TrustManager) trust.getTrustManagers()[0];
        } catch (GeneralSecurityException | IOException failure) {
            throw new IllegalStateException("no trust", failure);
        }
    }

    private SSLContext context(KeyManager... shown) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(shown, new TrustManager[] {trust()}, null);
            return context;
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("no TLS client", failure);
        }
    }

    private List<X509Certificate> chain(String alias) {
        try {
            return Arrays.stream(keys.getCertificateChain(alias))
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("no chain " + alias, failure);
        }
    }

    private PrivateKey key(String alias) {
        try {
            return (PrivateKey) keys.getKey(alias, PASSWORD);
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("no key " + alias, failure);
        }
    }

    private X509Certificate certificate(String alias) {
        try {
            return (X509Certificate) keys.getCertificate(alias);
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("no certificate " + alias, failure);
        }
    }

    private SSLContext serverContext(String alias) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers(alias), null, null);
            return context;
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("no TLS server " + alias, failure);
        }
    }

    private KeyManager[] managers(String alias) {
        try {
            KeyStore one = KeyStore.getInstance("PKCS12");
            one.load(null, null);
            Certificate[] chain = keys.getCertificateChain(alias);
            one.setKeyEntry(alias, keys.getKey(alias, PASSWORD), PASSWORD, chain);
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(one, PASSWORD);
            return managers.getKeyManagers();
        } catch (GeneralSecurityException | IOException failure) {
            throw new IllegalStateException("no key " + alias, failure);
        }
    }

    private static TestCertificates make() {
        try {
            Path directory = Files.createTempDirectory("test-certificates");
            Path store = directory.resolve("keys.p12");
            try {
                keytool(store, AUTHORITY, "CN=Test Authority", "-ext", "bc:c", "-validity", "2");
                signed(store, "localhost", "dns:localhost,ip:127.0.0.1", "-validity", "2");
                signed(store, "renewed", "dns:localhost,ip:127.0.0.1", "-validity", "2");
                signed(store, "client", "dns:client.example", "-validity", "2");
                keytool(store, "stranger", "CN=stranger", "-validity", "2");
                signed(store, "other", "dns:other.example", "-validity", "2");
                signed(store, "expired", "dns:localhost,ip:127.0.0.1", "-startdate", "-3d", "-validity", "2");
                return new TestCertificates(load(store));
            } finally {
                Files.deleteIfExists(store);
                Files.delete(directory);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot make test certificates", failure);
        }
    }

    private static void signed(Path store, String alias, String names, String... validity) throws IOException {
        List<String> options = new ArrayList<>(List.of("-signer", AUTHORITY, "-ext", "san=" + names));
        options.addAll(Arrays.asList(validity));
        keytool(store, alias, "CN=" + alias, options.toArray(String[]::new));
    }

    private static void keytool(Path store, String alias, String name, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair"));
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12"));
        command.addAll(List.of("-storepass", new String(PASSWORD), "-keyalg", "EC", "-groupname", "secp256r1"));
        command.addAll(List.of("-alias", alias, "-dname", name));
        command.addAll(Arrays.asList(options));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(keytool.getInputStream().readAllBytes());
            if (!keytool.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IOException("keytool failed for " + alias + ": " + output);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool made " + alias, interrupted);
        }
    }

    private static KeyStore load(Path store) throws IOException {
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD);
            return keys;
        } catch (GeneralSecurityException failure) {
            throw new IOException("cannot read " + store, failure);
        }
    }

    /** Made when first asked for, once. */
    private static final class Holder {
        static final TestCertificates INSTANCE = make();
    }
}
