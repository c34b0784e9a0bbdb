package dev.aiproxy.launcher;

import dev.aiproxy.ForwardProxy;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files that TLS towards clients needs, as they were when they were read.
 *
 * @param certificate the proxy's certificate and its chain
 * @param key its private key
 * @param password opens the key; empty if it needs none
 * @param clientCa who must have signed the certificates of clients; empty if they need none
 */
record ListenTlsFiles(PemFile certificate, PemFile key, String password, Optional<PemFile> clientCa) {

    /**
     * The files that the settings name, if they name any.
     *
     * @throws BadSettingException if one is missing that must be there
     */
    static Optional<ListenTlsFiles> of(Settings settings) throws BadSettingException {
        Optional<PemFile> certificate = settings.get(ConfigKey.LISTEN_TLS_CERT);
        Optional<PemFile> key = settings.get(ConfigKey.LISTEN_TLS_KEY);
        Optional<PemFile> clientCa = settings.get(ConfigKey.LISTEN_TLS_CLIENT_CA);
        if (certificate.isPresent() && key.isEmpty()) {
            throw together(ConfigKey.LISTEN_TLS_CERT, ConfigKey.LISTEN_TLS_KEY);
        }
        if (certificate.isEmpty() && key.isPresent()) {
            throw together(ConfigKey.LISTEN_TLS_KEY, ConfigKey.LISTEN_TLS_CERT);
        }
        if (certificate.isEmpty() && clientCa.isPresent()) {
            throw together(ConfigKey.LISTEN_TLS_CLIENT_CA, ConfigKey.LISTEN_TLS_CERT);
        }
        String password = settings.get(ConfigKey.LISTEN_TLS_KEY_PASSWORD);
        if (certificate.isEmpty() && !password.isEmpty()) {
            throw together(ConfigKey.LISTEN_TLS_KEY_PASSWORD, ConfigKey.LISTEN_TLS_KEY);
        }
        return certificate.map(chain -> new ListenTlsFiles(chain, key.orElseThrow(), password, clientCa));
    }

    static BadSettingException together(ConfigKey<?> set, ConfigKey<?> missing) {
        return new BadSettingException(set, "must be set together with " + missing);
    }

    /** @throws BadSettingException if they cannot be used, by themselves or together */
    ListenTls content() throws BadSettingException {
        List<X509Certificate> chain = certificates(ConfigKey.LISTEN_TLS_CERT, certificate);
        PrivateKey privateKey = privateKey();
        List<X509Certificate> authorities =
                clientCa.isPresent() ? certificates(ConfigKey.LISTEN_TLS_CLIENT_CA, clientCa.get()) : List.of();
        ListenTls content = new ListenTls(this, chain, privateKey, authorities);
        try {
            content.applyTo(ForwardProxy.builder());
        } catch (IllegalArgumentException e) {
            throw bad(ConfigKey.LISTEN_TLS_CERT, e);
        }
        return content;
    }

    /** The certificates in the file that a setting names. */
    static List<X509Certificate> certificates(ConfigKey<?> key, PemFile file) throws BadSettingException {
        try {
            return CertificateFile.certificates(file);
        } catch (BadValueException e) {
            throw bad(key, e);
        }
    }

    private PrivateKey privateKey() throws BadSettingException {
        try {
            return PrivateKeyFile.key(key, password, ConfigKey.LISTEN_TLS_KEY_PASSWORD);
        } catch (BadValueException e) {
            throw bad(ConfigKey.LISTEN_TLS_KEY, e);
        }
    }

    /** The files as they are now. */
    ListenTlsFiles again() throws BadSettingException {
        return new ListenTlsFiles(
                again(ConfigKey.LISTEN_TLS_CERT, certificate),
                again(ConfigKey.LISTEN_TLS_KEY, key),
                password,
                clientCa.isPresent()
                        ? Optional.of(again(ConfigKey.LISTEN_TLS_CLIENT_CA, clientCa.get()))
                        : Optional.empty());
    }

    private static PemFile again(ConfigKey<?> key, PemFile file) throws BadSettingException {
        try {
            return PemFile.read(file.path());
        } catch (BadValueException e) {
            throw bad(key, e);
        }
    }

    static BadSettingException bad(ConfigKey<?> key, Exception cause) {
        return new BadSettingException(key, "must be " + key.type().allowed() + ": " + cause.getMessage(), cause);
    }

    /** Names the files and never the password. */
    @Override
    public String toString() {
        return files().map(file -> file.path().toString()).toList().toString();
    }

    /** What the files were like when they were read. */
    List<FileStamp> stamps() {
        return files().map(PemFile::stamp).toList();
    }

    /** What the files are like now. */
    List<FileStamp> stampsNow() {
        return files().map(file -> FileStamp.of(file.path())).toList();
    }

    private Stream<PemFile> files() {
        return Stream.concat(Stream.of(certificate, key), clientCa.stream());
    }
}
