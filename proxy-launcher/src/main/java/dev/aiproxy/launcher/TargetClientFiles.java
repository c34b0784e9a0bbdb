package dev.aiproxy.launcher;

import dev.aiproxy.ForwardProxy;
import dev.aiproxy.ProxyConfig;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** The files with the certificate that is shown to the AI server, and its key. */
final class TargetClientFiles {

    private TargetClientFiles() {}

    /**
     * What is in the files that the settings name, if they name any.
     *
     * @throws BadSettingException if one is missing that must be there, or they cannot be used, by themselves or together
     */
    static Optional<ProxyConfig.ClientCertificate> content(Settings settings) throws BadSettingException {
        Optional<PemFile> certificate = settings.get(ConfigKey.TARGET_CLIENT_CERT);
        Optional<PemFile> key = settings.get(ConfigKey.TARGET_CLIENT_KEY);
        String password = settings.get(ConfigKey.TARGET_CLIENT_KEY_PASSWORD);
        if (certificate.isPresent() && key.isEmpty()) {
            throw ListenTlsFiles.together(ConfigKey.TARGET_CLIENT_CERT, ConfigKey.TARGET_CLIENT_KEY);
        }
        if (certificate.isEmpty() && key.isPresent()) {
            throw ListenTlsFiles.together(ConfigKey.TARGET_CLIENT_KEY, ConfigKey.TARGET_CLIENT_CERT);
        }
        if (certificate.isEmpty() && !password.isEmpty()) {
            throw ListenTlsFiles.together(ConfigKey.TARGET_CLIENT_KEY_PASSWORD, ConfigKey.TARGET_CLIENT_KEY);
        }
        if (certificate.isEmpty()) {
            return Optional.empty();
        }
        if (settings.get(ConfigKey.TARGET_PROTOCOL).equals("http")) {
            throw new BadSettingException(
                    ConfigKey.TARGET_CLIENT_CERT,
                    "must not be set when TARGET_PROTOCOL is http, which has no certificates");
        }
        return Optional.of(content(certificate.get(), key.orElseThrow(), password));
    }

    private static ProxyConfig.ClientCertificate content(PemFile certificate, PemFile key, String password)
            throws BadSettingException {
        List<X509Certificate> chain = ListenTlsFiles.certificates(ConfigKey.TARGET_CLIENT_CERT, certificate);
        PrivateKey privateKey = privateKey(key, password);
        try {
            ForwardProxy.builder().targetClientCertificate(chain, privateKey);
        } catch (IllegalArgumentException e) {
            throw ListenTlsFiles.bad(ConfigKey.TARGET_CLIENT_CERT, e);
        }
        return new ProxyConfig.ClientCertificate(chain, privateKey);
    }

    private static PrivateKey privateKey(PemFile key, String password) throws BadSettingException {
        try {
            return PrivateKeyFile.key(key, password, ConfigKey.TARGET_CLIENT_KEY_PASSWORD);
        } catch (BadValueException e) {
            throw ListenTlsFiles.bad(ConfigKey.TARGET_CLIENT_KEY, e);
        }
    }
}
