package dev.aiproxy.it.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A certificate of the stub for 127.0.0.1, signed by itself, made for each run by the JDK's {@code keytool}. */
record Certificates(Path keyStore, Path certificate, Path trustStore) {
    /** Guards nothing: the key is thrown away after the run. */
    static final String PASSWORD = "not-a-secret";

    static Certificates makeIn(Path folder) throws IOException {
        Certificates made =
                new Certificates(folder.resolve("stub.p12"), folder.resolve("stub.pem"), folder.resolve("trusted.p12"));
        keytool(
                made.keyStore,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost",
                "-ext",
                "bc:c",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-validity",
                "2");
        keytool(made.keyStore, "-exportcert", "-rfc", "-file", made.certificate.toString());
        keytool(made.trustStore, "-importcert", "-noprompt", "-file", made.certificate.toString());
        return made;
    }

    private static void keytool(Path store, String... arguments) throws IOException {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        List<String> command = new ArrayList<>(List.of(keytool.toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", "stub", "-keystore", store.toString()));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        Commands.output(command);
    }
}
