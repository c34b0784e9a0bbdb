package dev.aiproxy.launcher;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file that a setting names. */
final class SettingFile {

    private SettingFile() {}

    /**
     * All that is in it.
     *
     * @throws BadValueException saying why it cannot be read
     */
    static byte[] bytes(Path file) throws BadValueException {
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
