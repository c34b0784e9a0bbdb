package dev.aiproxy.service.macos;

import java.util.List;

/**
 * Writes a property list in XML, key by key in the order of the calls. The JDK's XML writers would be a longer way to
 * the same lines, and the module java.xml with them.
 *
 * <p>For one thread and one text. Source: plist(5) and Apple's PropertyList-1.0.dtd.
 */
final class PlistWriter {

    private static final String HEAD = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
            <plist version="1.0">
            <dict>
            """;
    private static final String TAIL = """
            </dict>
            </plist>
            """;

    /** Left by the JVM in place of bytes that its locale cannot decode: the real name is lost. */
    private static final char REPLACEMENT = '\uFFFD';

    private final StringBuilder lines = new StringBuilder();
    private int depth = 1;

    void string(String key, String value) {
        key(key);
        line("<string>" + escaped(value) + "</string>");
    }

    void strings(String key, List<String> values) {
        key(key);
        line("<array>");
        depth++;
        values.forEach(value -> line("<string>" + escaped(value) + "</string>"));
        depth--;
        line("</array>");
    }

    void integer(String key, int value) {
        key(key);
        line("<integer>" + value + "</integer>");
    }

    void bool(String key, boolean value) {
        key(key);
        line(value ? "<true/>" : "<false/>");
    }

    /** A dictionary with the keys that the content writes. */
    void dictionary(String key, Runnable content) {
        key(key);
        line("<dict>");
        depth++;
        content.run();
        depth--;
        line("</dict>");
    }

    String text() {
        return HEAD + lines + TAIL;
    }

    private void key(String key) {
        line("<key>" + escaped(key) + "</key>");
    }

    private void line(String content) {
        lines.append("\t".repeat(depth)).append(content).append('\n');
    }

    /**
     * XML 1.0 §2.2 has no way to write most control characters, and §2.11 lets readers change line ends.
     */
    private static String escaped(String text) {
        if (text.codePoints().anyMatch(PlistWriter::isUnusable)) {
            throw new IllegalArgumentException(
                    "a property list cannot contain control characters or what is not Unicode in the JVM's locale, was "
                            + text.replaceAll("\\p{Cntrl}", "?"));
        }
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static boolean isUnusable(int codePoint) {
        return Character.isISOControl(codePoint)
                || Character.getType(codePoint) == Character.SURROGATE
                || codePoint == REPLACEMENT
                || codePoint == 0xFFFE
                || codePoint == 0xFFFF;
    }
}
