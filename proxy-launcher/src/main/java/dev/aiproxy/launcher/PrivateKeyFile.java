package dev.aiproxy.launcher;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Reads a private key in PEM form: PKCS#8, encrypted or not, and the older forms of OpenSSL, PKCS#1 for RSA and SEC1 for
 * EC. The JDK knows PKCS#8 alone, so the others get its header.
 */
final class PrivateKeyFile {

    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");
    private static final String HOW_TO_CONVERT =
            "; convert it with: openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW";

    private PrivateKeyFile() {}

    /**
     * The first private key in a file.
     *
     * @param password opens the key if it is encrypted; empty if there is none
     * @param passwordKey where it stands
     */
    static PrivateKey key(PemFile file, String password, ConfigKey<?> passwordKey) throws BadValueException {
        for (PemFile.Block block : file.blocks()) {
            if (block.label().endsWith("PRIVATE KEY")) {
                return key(block, password, passwordKey);
            }
        }
        throw new BadValueException("no private key in it");
    }

    private static PrivateKey key(PemFile.Block block, String password, ConfigKey<?> passwordKey)
            throws BadValueException {
        if (block.body().contains("Proc-Type:")) {
            throw new BadValueException("it is encrypted in OpenSSL's old way" + HOW_TO_CONVERT);
        }
        return switch (block.label()) {
            case "PRIVATE KEY" -> key(block.bytes());
            case "ENCRYPTED PRIVATE KEY" -> key(decrypted(block.bytes(), password, passwordKey));
            case "RSA PRIVATE KEY" -> key(Pkcs8.ofRsa(block.bytes()));
            case "EC PRIVATE KEY" -> key(Pkcs8.ofEc(block.bytes()));
            default -> throw new BadValueException("a '" + block.label() + "' is not supported" + HOW_TO_CONVERT);
        };
    }

    private static PrivateKey key(byte[] pkcs8) throws BadValueException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException ofAnotherKind) {
                // The next one may be it.
                continue;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has " + algorithm, e);
            }
        }
        throw new BadValueException("its private key is damaged, or neither RSA, EC nor Ed25519");
    }

    private static byte[] decrypted(byte[] encrypted, String password, ConfigKey<?> passwordKey)
            throws BadValueException {
        if (password.isEmpty()) {
            throw new BadValueException("its private key is encrypted; set " + passwordKey);
        }
        EncryptedPrivateKeyInfo info = encryption(encrypted);
        try {
            Cipher cipher = cipher(info, password);
            return info.getKeySpec(cipher).getEncoded();
        } catch (InvalidKeySpecException e) {
            throw new BadValueException(passwordKey + " does not open its private key", e);
        } catch (GeneralSecurityException e) {
            throw new BadValueException(
                    "its private key is encrypted in a way that Java does not know" + HOW_TO_CONVERT, e);
        }
    }

    private static EncryptedPrivateKeyInfo encryption(byte[] encrypted) throws BadValueException {
        try {
            return new EncryptedPrivateKeyInfo(encrypted);
        } catch (IOException e) {
            throw new BadValueException(
                    "its private key is encrypted in a way that Java does not know" + HOW_TO_CONVERT, e);
        }
    }

    private static Cipher cipher(EncryptedPrivateKeyInfo info, String password) throws GeneralSecurityException {
        // JDK 17 names PBES2 as a whole, for which it has no cipher; the parameters name the one it has.
        String parameters = String.valueOf(info.getAlgParameters());
        String algorithm = parameters.startsWith("PBEWith") ? parameters : info.getAlgName();
        SecretKey key = SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password.toCharArray()));
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(Cipher.DECRYPT_MODE, key, info.getAlgParameters());
        return cipher;
    }
}
