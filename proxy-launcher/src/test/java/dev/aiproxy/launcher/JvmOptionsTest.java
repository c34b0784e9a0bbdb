package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JvmOptionsTest {

    @Test
    void takesNoRemarkForAnOption() {
        assertThat(JvmOptions.standard()).isNotEmpty().allMatch(option -> option.matches("-[XD]\\S+"));
    }

    @Test
    void hasEachOptionOnceWithTheUsersLast() {
        assertThat(JvmOptions.together(List.of("-XX:+UseSerialGC", "-Xms32m"), List.of("-Xms32m", "-Xms1g")))
                .containsExactly("-XX:+UseSerialGC", "-Xms32m", "-Xms1g");
    }

    @Test
    void givesWayToTheCollectorOfTheUser() {
        List<String> standard = List.of("-XX:+UseSerialGC", "-Xms32m", "-XX:MaxNewSize=12m");

        assertThat(JvmOptions.together(standard, List.of("-XX:+UseZGC"))).containsExactly("-Xms32m", "-XX:+UseZGC");
    }
}
