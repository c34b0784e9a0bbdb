package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PropertyTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "  led by spaces, and followed  ",
                "#no comment",
                "!none either",
                "a=b:c d",
                "C:\\homes\\new",
                "ends with \\",
                "line\nof\r\nmany\ttabs\fand forms",
                "\\u0041 is no letter",
                "\u00fcber \u65e5\u672c \ud83d\ude80"
            })
    void isReadAsItWasMeant(String text) throws IOException {
        assertThat(read(PropertyText.of(Map.of("name", text)))).isEqualTo(Map.of("name", text));
        assertThat(read(PropertyText.of(Map.of(text, "value")))).isEqualTo(Map.of(text, "value"));
    }

    @Test
    void hasALineForEachFact() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("pid", "1");
        facts.put("listen", "127.0.0.1:9");

        assertThat(PropertyText.of(facts)).isEqualTo("pid=1\nlisten=127.0.0.1\\:9\n");
        assertThat(PropertyText.of(Map.of())).isEmpty();
    }

    private static Map<Object, Object> read(String text) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(text));
        return properties;
    }
}
