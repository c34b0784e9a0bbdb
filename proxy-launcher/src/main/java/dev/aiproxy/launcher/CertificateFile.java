package dev.aiproxy.launcher;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/** Reads certificates in PEM form, one or many in a file. */
final class CertificateFile {

    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";

    private CertificateFile() {}

    static List<X509Certificate> read(Path file) throws BadValueException {
        String text = new String(SettingFile.bytes(file), StandardCharsets.ISO_8859_1);
        if (!text.contains(BEGIN)) {
            throw new BadValueException("no '" + BEGIN + "' in it");
        }
        // The JDK stumbles over the remarks that many bundles have before their first certificate.
        byte[] certificates = text.substring(text.indexOf(BEGIN)).getBytes(StandardCharsets.ISO_8859_1);
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(certificates))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException e) {
            throw new BadValueException("a certificate in it is damaged", e);
        }
    }
}
