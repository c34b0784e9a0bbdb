package dev.aiproxy.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A file that is written or deleted, and can be put back as it was, folders that were made for it included. A symbolic link
 * is a file of its own here: what it leads to belongs to somebody else, or is {@code /dev/null} for a unit that is masked.
 */
final class FileChange {

    private static final String POSIX = "posix";

    private final Path file;
    private final Optional<Entry> before;
    private final List<Path> madeFolders = new ArrayList<>();

    /** What a folder has under a name. */
    private sealed interface Entry {

        /** @param path where there is nothing yet */
        void putAt(Path path) throws IOException;
    }

    private record Content(byte[] bytes, Set<PosixFilePermission> permissions) implements Entry {

        @Override
        public void putAt(Path path) throws IOException {
            Files.write(path, bytes);
            if (isPosix(path)) {
                Files.setPosixFilePermissions(path, permissions);
            }
        }
    }

    private record Link(Path target) implements Entry {

        @Override
        public void putAt(Path path) throws IOException {
            Files.createSymbolicLink(path, target);
        }
    }

    private FileChange(Path file, Optional<Entry> before) {
        this.file = file;
        this.before = before;
    }

    /** Remembers how a file is now. */
    static FileChange before(Path file) throws StepFailedException {
        try {
            return new FileChange(file, Optional.of(entry(file)));
        } catch (NoSuchFileException e) {
            return new FileChange(file, Optional.empty());
        } catch (IOException e) {
            throw failure("read", file, e);
        }
    }

    private static Entry entry(Path file) throws IOException {
        if (Files.isSymbolicLink(file)) {
            return new Link(Files.readSymbolicLink(file));
        }
        return new Content(Files.readAllBytes(file), permissions(file));
    }

    private static Set<PosixFilePermission> permissions(Path file) throws IOException {
        return isPosix(file) ? Files.getPosixFilePermissions(file) : Set.of();
    }

    private static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains(POSIX);
    }

    /** @param mode POSIX permissions such as {@code rw-r--r--} */
    void write(String content, String mode) throws StepFailedException {
        try {
            makeFolders(file.getParent());
            replace(new Content(content.getBytes(StandardCharsets.UTF_8), PosixFilePermissions.fromString(mode)));
        } catch (IOException e) {
            throw failure("write", file, e);
        }
    }

    private void makeFolders(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        makeFolders(folder.getParent());
        Files.createDirectory(folder);
        madeFolders.add(0, folder);
    }

    /** In one step: nobody reads half a file, and a full disk leaves the old one. */
    private void replace(Entry entry) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(fresh);
            entry.putAt(fresh);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    void delete() throws StepFailedException {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failure("delete", file, e);
        }
    }

    void undo() throws IOException {
        if (before.isPresent()) {
            replace(before.get());
            return;
        }
        Files.deleteIfExists(file);
        for (Path folder : madeFolders) {
            try {
                Files.deleteIfExists(folder);
            } catch (DirectoryNotEmptyException somebodyElseUsesIt) {
                return;
            }
        }
    }

    private static StepFailedException failure(String verb, Path file, IOException e) {
        String reason = e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
        return new StepFailedException("cannot " + verb + " " + file + ": " + reason, e);
    }
}
