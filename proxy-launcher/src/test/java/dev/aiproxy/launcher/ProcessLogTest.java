package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class ProcessLogTest {

    private static final Logger logger = LoggerFactory.getLogger("dev.aiproxy.test");

    @Test
    void writesOneLineForAMessageWhateverIsInIt(@TempDir Path home) throws IOException {
        ProcessLog log = open(home, "info");
        logger.info("path {}", "/a\n2026 forged");
        logger.debug("not this");
        log.close();

        assertThat(Files.readAllLines(home.resolve("logs/proxy.log")))
                .singleElement()
                .asString()
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  \\[.+] dev\\.aiproxy\\.test: "
                        + "path /a\\?2026 forged");
    }

    @Test
    void writesStackTracesOfBugs(@TempDir Path home) throws IOException {
        ProcessLog log = open(home, "error");
        logger.error("broken", new IllegalStateException("bug"));
        log.close();

        assertThat(Files.readString(home.resolve("logs/proxy.log")))
                .contains("broken\njava.lang.IllegalStateException: bug\n\tat ");
    }

    /** At DEBUG, Jetty logs whole request heads. */
    @Test
    void neverLetsJettyLogInDetail(@TempDir Path home) {
        ProcessLog log = open(home, "debug");
        boolean oursInDetail = logger.isDebugEnabled();
        boolean jettyInDetail =
                LoggerFactory.getLogger("org.eclipse.jetty.server").isDebugEnabled();
        log.close();

        assertThat(oursInDetail).isTrue();
        assertThat(jettyInDetail).isFalse();
    }

    @Test
    void isSetUpInCode() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

        assertThat(context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("stderr"))
                .isNotNull();
    }

    private static ProcessLog open(Path home, String level) {
        return ProcessLog.open(new SettingsLoader(home, Map.of("LOG_LEVEL", level)).load(GivenFlags.none()));
    }
}
