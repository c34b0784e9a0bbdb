package dev.aiproxy.launcher;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Reads certificates in PEM form, one or many in a file. */
final class CertificateFile {

    private static final String CERTIFICATE = "CERTIFICATE";

    private CertificateFile() {}

    static List<X509Certificate> read(Path file) throws BadValueException {
        return certificates(PemFile.read(file));
    }

    /** All of its certificates, in order; at least one. Other blocks, such as a key, are passed over. */
    static List<X509Certificate> certificates(PemFile file) throws BadValueException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (PemFile.Block block : file.blocks()) {
            if (block.label().equals(CERTIFICATE)) {
                certificates.add(certificate(block));
            }
        }
        if (certificates.isEmpty()) {
            throw new BadValueException("no '-----BEGIN " + CERTIFICATE + "-----' in it");
        }
        return certificates;
    }

    private static X509Certificate certificate(PemFile.Block block) throws BadValueException {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(block.bytes()));
        } catch (CertificateException | BadValueException e) {
            throw new BadValueException("a certificate in it is damaged", e);
        }
    }
}
