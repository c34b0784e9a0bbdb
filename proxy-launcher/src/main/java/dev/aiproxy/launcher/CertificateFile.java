package dev.aiproxy.launcher;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
        String text = new String(bytes(file), StandardCharsets.ISO_8859_1);
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

    private static byte[] bytes(Path file) throws BadValueException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new BadValueException("no such file", e);
        } catch (AccessDeniedException e) {
            throw new BadValueException("permission denied", e);
        } catch (IOException e) {
            throw new BadValueException(Files.isDirectory(file) ? "it is a folder" : "it cannot be read", e);
        }
    }
}
