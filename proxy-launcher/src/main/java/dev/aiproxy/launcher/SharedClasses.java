package dev.aiproxy.launcher;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The classes of this jar as this JVM has them in memory (AppCDS), in a file of the user's cache, which saves a start
 * most of its time. The name has the JVM's build and the jar's hash, so that a new one of either finds nothing, and the
 * JVM itself looks at the jar's time and size as well. Without the file all is the same but slower, so whatever fails
 * here fails silently. Beside it lies a file with the options that this JVM knows and others may not ({@link
 * JvmOptions#ofThisJvm}), for {@code bin/ai-proxy}, which cannot ask the JVM before it starts it.
 *
 * <p>Not the AOT cache of newer JVMs: that of 25.0.3 goes on running the old code after the jar was replaced
 * (JDK-8377932).
 *
 * @param file absolute
 */
record SharedClasses(Path file) {

    static final String SUFFIX = ".jsa";

    private static final String OPTIONS_SUFFIX = ".options";
    private static final int LONGEST_SECONDS = 60;

    /** Where those of this jar and this JVM would be; empty if there is no jar or no cache. */
    static Optional<SharedClasses> of(Map<String, String> environment) {
        return OwnProgram.find()
                .flatMap(jar -> cache(environment).flatMap(cache -> name(jar).map(name -> cache.resolve(name))))
                .map(SharedClasses::new);
    }

    private static Optional<Path> cache(Map<String, String> environment) {
        return Optional.ofNullable(environment.get("XDG_CACHE_HOME"))
                .filter(folder -> !folder.isEmpty())
                .map(Path::of)
                .or(() -> Optional.ofNullable(environment.get("HOME")).map(home -> Path.of(home, ".cache")))
                .filter(Path::isAbsolute)
                .map(folder -> folder.resolve("ai-proxy"));
    }

    private static Optional<String> name(Path jar) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(jar), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            String hash = HexFormat.of().formatHex(digest.digest());
            return Optional.of(System.getProperty("java.runtime.version") + "-" + hash + SUFFIX);
        } catch (IOException | NoSuchAlgorithmException e) {
            return Optional.empty();
        }
    }

    /** Whether the file is there and this user's own: that of another one could hold any code. */
    boolean isThere() {
        return isOwn(file) && isOwn(file.getParent());
    }

    private static boolean isOwn(Path path) {
        try {
            return ((Integer) Files.getAttribute(path, "unix:uid")) == UserId.ofThisProcess();
        } catch (IOException | UnsupportedOperationException | VerbFailedException notThereOrNotUnix) {
            return false;
        }
    }

    /** What makes a JVM use it; one that cannot says nothing and starts without. */
    String option() {
        return "-XX:SharedArchiveFile=" + file;
    }

    /** Makes the file, by a proxy that runs for a moment in a process of its own; takes some seconds. */
    boolean makeUnlessThere() {
        if (isThere()) {
            return true;
        }
        try {
            Path folder = Files.createDirectories(file.getParent());
            if (!isOwn(folder)) {
                return false;
            }
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            return make(file, SharedClasses::train) && make(options(), SharedClasses::writeOptions);
        } catch (IOException | UnsupportedOperationException noCache) {
            return false;
        }
    }

    private Path options() {
        String name = file.getFileName().toString();
        return file.resolveSibling(name.substring(0, name.length() - SUFFIX.length()) + OPTIONS_SUFFIX);
    }

    /** In one step, so that nobody finds half of it. */
    private static boolean make(Path wanted, Maker maker) throws IOException {
        Path made = Files.createTempFile(wanted.getParent(), "making", null);
        try {
            boolean isMade = maker.make(made) && Files.exists(made);
            if (isMade) {
                Files.move(made, wanted, StandardCopyOption.ATOMIC_MOVE);
            }
            return isMade;
        } finally {
            Files.deleteIfExists(made);
        }
    }

    private interface Maker {
        /** Returns whether the file is as it is wanted. */
        boolean make(Path file) throws IOException;
    }

    private static boolean writeOptions(Path made) throws IOException {
        Files.write(made, JvmOptions.ofThisJvm());
        return true;
    }

    private static boolean train(Path made) throws IOException {
        // The JVM writes no file that is there.
        Files.delete(made);
        List<String> command = new ArrayList<>(List.of(OwnProgram.java().toString()));
        command.addAll(JvmOptions.standard());
        command.add("-XX:ArchiveClassesAtExit=" + made);
        command.addAll(List.of("-jar", OwnProgram.jar().toString(), FastStartCommand.NAME, FastStartCommand.TRAIN));
        Process process = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            process.destroyForcibly();
        }
    }
}
