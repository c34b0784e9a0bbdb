package dev.aiproxy.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Makes keys and certificates with the tool that most users make theirs with. */
record OpenSsl(Path folder) {

    private static final int SECONDS = 30;

    /** Runs it in the folder, with arguments that have no spaces in them. */
    OpenSsl run(String arguments) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(Arrays.asList(arguments.split(" ")));
        try {
            Process openssl = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(openssl.getInputStream().readAllBytes());
            if (!openssl.waitFor(SECONDS, TimeUnit.SECONDS) || openssl.exitValue() != 0) {
                throw new AssertionError("openssl " + arguments + ": " + output);
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("openssl must be installed for this test", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** {@code NAME.key}, PKCS#8, EC. */
    OpenSsl key(String name) {
        return run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out %s.key".formatted(name));
    }

    /** {@code NAME.crt}, of {@code NAME.key}, signed by itself. */
    OpenSsl certificate(String name) {
        return run("req -x509 -key %1$s.key -subj /CN=%1$s -days 2 -out %1$s.crt".formatted(name));
    }

    /** {@code NAME.key} and {@code NAME.crt}, signed with {@code SIGNER.key}. */
    OpenSsl signed(String name, String signer) {
        key(name).run("req -new -key %1$s.key -subj /CN=%1$s -out %1$s.csr".formatted(name));
        return run("x509 -req -in %1$s.csr -CA %2$s.crt -CAkey %2$s.key -CAcreateserial -days 2 -out %1$s.crt"
                .formatted(name, signer));
    }

    /** Puts files behind each other. */
    OpenSsl join(String to, String... files) {
        StringBuilder all = new StringBuilder();
        for (String file : files) {
            all.append(text(file));
        }
        return write(to, all.toString());
    }

    String text(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    OpenSsl write(String file, String text) {
        try {
            Files.writeString(folder.resolve(file), text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
