package dev.aiproxy.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/**
 * What changes when a file does, or when a link to it is pointed elsewhere.
 *
 * @param modified when it was written last
 * @param bytes how long it is
 * @param identity which file it is, where the system tells
 */
record FileStamp(FileTime modified, long bytes, Optional<Object> identity) {

    private static final FileStamp NONE = new FileStamp(FileTime.fromMillis(0), -1, Optional.empty());

    /** Of the file as it is now; of one that cannot be read, the same at all times. */
    static FileStamp of(Path path) {
        try {
            BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
            return new FileStamp(file.lastModifiedTime(), file.size(), Optional.ofNullable(file.fileKey()));
        } catch (IOException e) {
            return NONE;
        }
    }
}
