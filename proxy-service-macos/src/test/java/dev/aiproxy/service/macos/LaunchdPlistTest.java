package dev.aiproxy.service.macos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.dd.plist.NSArray;
import com.dd.plist.NSDictionary;
import com.dd.plist.NSNumber;
import com.dd.plist.NSObject;
import com.dd.plist.NSString;
import com.dd.plist.XMLPropertyListParser;
import dev.aiproxy.service.ServiceSpec;
import dev.aiproxy.service.ServiceSpec.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LaunchdPlistTest {

    private static final Path KNOWN_KEYS = Path.of("src", "test", "resources", "launchd.plist-keys.csv");

    @Test
    void rendersTheAgentOfAUser() throws IOException {
        GoldenFile.assertEqual("agent.plist", render(Specs.usual(Scope.USER)));
    }

    @Test
    void rendersTheDaemonOfTheMachine() throws IOException {
        GoldenFile.assertEqual("daemon.plist", render(Specs.usual(Scope.SYSTEM)));
    }

    @Test
    void rendersOddNames() throws IOException {
        GoldenFile.assertEqual("agent-odd-names.plist", render(Specs.odd("R&D <größe> \"x\"", "-Da=]]>&amp;")));
    }

    /** launchd ignores what it does not know, and a wrong type keeps the whole job from being loaded. */
    @ParameterizedTest
    @EnumSource(Scope.class)
    void usesOnlyKeysOfLaunchdWithTheirTypes(Scope scope) throws Exception {
        Map<String, List<String>> known = knownKeys();

        Map<String, String> used = types("", parse(render(Specs.usual(scope))));

        assertThat(known.keySet()).containsAll(used.keySet());
        assertThat(used)
                .allSatisfy((key, type) -> assertThat(known.get(key)).as(key).contains(type));
    }

    static Stream<Arguments> texts() {
        return Stream.of(
                arguments("plain", "ai-proxy"),
                arguments("spaces", "two  words"),
                arguments("markup", "R&D <b>&amp;</b>"),
                arguments("end of CDATA", "]]>"),
                arguments("comment", "<!-- -->"),
                arguments("quotes", "\"it's\""),
                arguments("dollar and percent", "$HOME 100%"),
                arguments("backslash", "a\\nb"),
                arguments("not ASCII", "größe 東京 😀"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("texts")
    void isReadBackAsMeant(String name, String text) throws Exception {
        ServiceSpec spec = Specs.odd(text, "-Doption=" + text);

        NSDictionary plist = parse(render(spec));

        assertThat(plist.get("WorkingDirectory").toJavaObject()).isEqualTo("/Users/ada/" + text);
        assertThat((Object[]) plist.get("ProgramArguments").toJavaObject())
                .containsExactly(
                        "/Users/ada/" + text + "/jdk/bin/java",
                        "-XX:-MaxFDLimit",
                        "-Doption=" + text,
                        "-jar",
                        "/Users/ada/" + text + "/proxy-launcher.jar",
                        "run",
                        "--home",
                        "/Users/ada/" + text,
                        "--config",
                        "/Users/ada/" + text + "/config.env");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\tb", "a\u001bb", "a\u0085b", "a\uFFFDb", "a\uFFFEb", "a\uD83Db"})
    void refusesWhatAPropertyListCannotSay(String option) {
        ServiceSpec spec = Specs.odd("plain", option);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> render(spec))
                .withMessageStartingWith("a property list cannot contain control characters or")
                .withMessageEndingWith("was " + option.replaceAll("\\p{Cntrl}", "?"));
    }

    private static String render(ServiceSpec spec) {
        return LaunchdPlist.render(spec, LaunchdJob.of(spec));
    }

    private static NSDictionary parse(String plist) throws Exception {
        return (NSDictionary) XMLPropertyListParser.parse(plist.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, List<String>> knownKeys() throws IOException {
        try (Stream<String> lines = Files.lines(KNOWN_KEYS)) {
            return lines.filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(","))
                    .collect(Collectors.toMap(cells -> cells[0], cells -> List.of(cells[1].split(" "))));
        }
    }

    private static Map<String, String> types(String prefix, NSDictionary dictionary) {
        return dictionary.entrySet().stream()
                .flatMap(entry -> {
                    String key = prefix + entry.getKey();
                    Stream<Map.Entry<String, String>> own = Stream.of(Map.entry(key, type(entry.getValue())));
                    return entry.getValue() instanceof NSDictionary inner
                            ? Stream.concat(own, types(key + ".", inner).entrySet().stream())
                            : own;
                })
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static String type(NSObject value) {
        if (value instanceof NSDictionary) {
            return "dictionary";
        }
        if (value instanceof NSArray) {
            return "array";
        }
        if (value instanceof NSString) {
            return "string";
        }
        return ((NSNumber) value).isBoolean() ? "boolean" : "integer";
    }
}
