package dev.aiproxy.launcher;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file in PEM form (RFC 7468), as it was when it was read. What stands between its blocks is no matter.
 *
 * @param path absolute
 * @param stamp tells whether the file has changed since
 * @param blocks in order
 */
record PemFile(Path path, FileStamp stamp, List<Block> blocks) {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(?:(.*?)-----END \\1-----)?", Pattern.DOTALL);

    /** Copies the blocks. */
    PemFile {
        blocks = List.copyOf(blocks);
    }

    /**
     * One block.
     *
     * @param label what is in it, such as {@code CERTIFICATE}
     * @param body what stands between its first and its last line, which may be more than Base64
     */
    record Block(String label, String body) {

        /** @throws BadValueException if it is not Base64 alone */
        byte[] bytes() throws BadValueException {
            try {
                return Base64.getDecoder().decode(body.replaceAll("\\s", ""));
            } catch (IllegalArgumentException e) {
                throw new BadValueException("its block '" + label + "' is damaged", e);
            }
        }
    }

    /** @throws BadValueException if it cannot be read or breaks off within a block */
    static PemFile read(Path path) throws BadValueException {
        // First, so that what changes while it is read counts as a change.
        FileStamp stamp = FileStamp.of(path);
        return new PemFile(path, stamp, blocks(text(path)));
    }

    private static List<Block> blocks(String text) throws BadValueException {
        List<Block> blocks = new ArrayList<>();
        for (Matcher block = BLOCK.matcher(text); block.find(); ) {
            String body = block.group(2);
            if (body == null || body.contains("-----BEGIN")) {
                throw new BadValueException(
                        "it breaks off: no '-----END " + block.group(1) + "-----' where one is due");
            }
            blocks.add(new Block(block.group(1), body));
        }
        return blocks;
    }

    private static String text(Path path) throws BadValueException {
        return new String(SettingFile.bytes(path), StandardCharsets.ISO_8859_1);
    }
}
