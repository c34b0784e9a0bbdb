package dev.aiproxy.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a config.env says, and what is wrong with it.
 *
 * @param values by name; of a name that is there twice, the last
 * @param problems one line each, with the number of the line in the file
 * @param warnings likewise, for what is odd but works
 */
record EnvFile(Map<String, SettingText> values, List<String> problems, List<String> warnings) {

    /** Copies what it is given. */
    EnvFile {
        values = Map.copyOf(values);
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }

    static EnvFile empty() {
        return new EnvFile(Map.of(), List.of(), List.of());
    }

    /** Reads a file; if that fails, the one problem says why. */
    static EnvFile read(Path file) {
        try {
            return parse(file, text(file, Files.readAllBytes(file)));
        } catch (BadValueException e) {
            return unreadable(e.getMessage());
        } catch (NoSuchFileException e) {
            return unreadable(file + ": no such file");
        } catch (AccessDeniedException e) {
            return unreadable(file + ": permission denied");
        } catch (IOException e) {
            return unreadable(file + (Files.isDirectory(file) ? ": is a folder, must be a file" : ": cannot be read"));
        }
    }

    private static EnvFile unreadable(String problem) {
        return new EnvFile(Map.of(), List.of(problem), List.of());
    }

    private static String text(Path file, byte[] bytes) throws BadValueException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            int line = 1
                    + (int) out.flip()
                            .chars()
                            .filter(character -> character == '\n')
                            .count();
            throw new BadValueException(file + ":" + line + ": is not UTF-8; save the file in that encoding");
        }
        String text = out.flip().toString();
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    private static EnvFile parse(Path file, String text) {
        Map<String, SettingText> values = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\r?\n", -1)) {
            Origin origin = Origin.file(file, ++number);
            try {
                EnvLine.parse(line).ifPresent(setting -> {
                    put(values, setting, origin, problems, warnings);
                    if (EnvLine.hasRemarkBehind(line)) {
                        warnings.add(
                                origin + ": a remark behind a value is part of the value; give it a line of its own,"
                                        + " or put quotes around the value if it is none");
                    }
                });
            } catch (BadValueException e) {
                problems.add(origin + ": " + e.getMessage());
            }
        }
        return new EnvFile(values, problems, warnings);
    }

    private static void put(
            Map<String, SettingText> values,
            EnvLine setting,
            Origin origin,
            List<String> problems,
            List<String> warnings) {
        if (ConfigKey.named(setting.key()).isEmpty()) {
            problems.add(origin + ": there is no setting " + setting.key() + DidYouMean.setting(setting.key()));
            return;
        }
        SettingText earlier = values.put(setting.key(), new SettingText(setting.value(), origin));
        if (earlier != null) {
            warnings.add(origin + ": sets " + setting.key() + " again; this line counts, not " + earlier.origin());
        }
    }
}
