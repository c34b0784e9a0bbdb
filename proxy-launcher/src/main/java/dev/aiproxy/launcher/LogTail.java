package dev.aiproxy.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/** The end of a log file, and what is added to it. A file that begins anew is followed into the new one. */
final class LogTail implements AutoCloseable {

    private static final int BLOCK_BYTES = 8192;

    private final Path file;
    private final OutputStream out;
    private FileChannel channel;
    private Object fileKey;

    private LogTail(Path file, OutputStream out) throws IOException {
        this.file = file;
        this.out = out;
        this.channel = FileChannel.open(file, StandardOpenOption.READ);
        this.fileKey = fileKey();
    }

    /** @param lines how many lines at the end {@link #copyNew} begins with */
    static LogTail open(Path file, int lines, OutputStream out) throws IOException {
        LogTail tail = new LogTail(file, out);
        tail.channel.position(startOfLast(lines, tail.channel));
        return tail;
    }

    private static long startOfLast(int lines, FileChannel channel) throws IOException {
        long end = channel.size();
        int breaks = 0;
        for (long block = end; block > 0; block -= BLOCK_BYTES) {
            int size = (int) Math.min(BLOCK_BYTES, block);
            ByteBuffer bytes = ByteBuffer.allocate(size);
            channel.read(bytes, block - size);
            for (int index = size - 1; index >= 0; index--) {
                // The break at the very end belongs to the last line.
                boolean isBreak = bytes.get(index) == '\n' && block - size + index < end - 1;
                if (isBreak && ++breaks == lines) {
                    return block - size + index + 1;
                }
            }
        }
        return 0;
    }

    /** Copies what has come since the last time. */
    void copyNew() throws IOException {
        copyRest();
        try {
            if (!Objects.equals(fileKey, fileKey()) || channel.size() < channel.position()) {
                changeFiles();
            }
        } catch (NoSuchFileException betweenTwoFiles) {
            // The next one will be there in a moment.
        }
    }

    private void changeFiles() throws IOException {
        FileChannel next = FileChannel.open(file, StandardOpenOption.READ);
        // What was written between the copy and the change of files.
        copyRest();
        channel.close();
        channel = next;
        fileKey = fileKey();
        copyRest();
    }

    private void copyRest() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BLOCK_BYTES);
        while (channel.read(bytes) > 0) {
            out.write(bytes.array(), 0, bytes.position());
            bytes.clear();
        }
        out.flush();
    }

    private Object fileKey() throws IOException {
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return key == null ? file : key;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
