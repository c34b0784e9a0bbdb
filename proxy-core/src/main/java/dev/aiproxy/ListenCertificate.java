package dev.aiproxy;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;

/** Whether a chain and a key can serve TLS: checked before anything uses them. */
final class ListenCertificate {

    private static final byte[] ANYTHING = {1, 2, 3};

    private ListenCertificate() {}

    /**
     * Checks the order of the chain, and that the key belongs to its first certificate.
     *
     * @throws IllegalArgumentException if not
     */
    static void check(List<X509Certificate> chain, PrivateKey key) {
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("certificate chain must not be empty");
        }
        for (int i = 0; i + 1 < chain.size(); i++) {
            if (!isSignedBy(chain.get(i + 1), chain.get(i))) {
                throw new IllegalArgumentException(
                        "certificate %d (%s) is not signed by certificate %d (%s); the order is leaf first, each followed by its signer"
                                .formatted(i + 1, name(chain.get(i)), i + 2, name(chain.get(i + 1))));
            }
        }
        X509Certificate leaf = chain.get(0);
        if (!fits(key, leaf)) {
            throw new IllegalArgumentException("the key does not fit the first certificate (%s)".formatted(name(leaf)));
        }
    }

    private static boolean isSignedBy(X509Certificate signer, X509Certificate signed) {
        if (!signed.getIssuerX500Principal().equals(signer.getSubjectX500Principal())) {
            return false;
        }
        try {
            signed.verify(signer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static boolean fits(PrivateKey key, X509Certificate leaf) {
        try {
            Signature signature = Signature.getInstance(signatureBy(key));
            signature.initSign(key);
            signature.update(ANYTHING);
            byte[] signed = signature.sign();
            signature.initVerify(leaf.getPublicKey());
            signature.update(ANYTHING);
            return signature.verify(signed);
        } catch (GeneralSecurityException otherKind) {
            return false;
        }
    }

    private static String signatureBy(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
            default -> throw new IllegalArgumentException("key must be RSA, EC or Ed25519, was " + key.getAlgorithm());
        };
    }

    private static String name(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }
}
