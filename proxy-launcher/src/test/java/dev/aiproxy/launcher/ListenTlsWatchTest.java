package dev.aiproxy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.aiproxy.ForwardProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A certificate that is renewed on disk is shown to clients, and one that is bad is not. */
@Timeout(60)
class ListenTlsWatchTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(ListenTlsWatch.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @TempDir
    private Path home;

    private OpenSsl openssl;
    private ForwardProxy proxy;
    private ListenTlsWatch watch;

    @BeforeEach
    void start() {
        openssl = new OpenSsl(home).key("a").certificate("a").key("b").certificate("b");
        openssl.write("config.env", "LISTEN_TLS_CERT=a.crt\nLISTEN_TLS_KEY=a.key\n");
        Settings settings =
                new SettingsLoader(home, Map.of()).load(new GivenFlags(Optional.of(home), Optional.empty(), Map.of()));
        proxy = ProxyAssembly.builder(settings).build();
        watch = new ListenTlsWatch(settings.listenTls().orElseThrow().files(), proxy);
        log.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
        logger.setLevel(null);
        watch.close();
        proxy.close();
    }

    private String shown() {
        return proxy.config()
                .listen()
                .tls()
                .orElseThrow()
                .chain()
                .get(0)
                .getSubjectX500Principal()
                .getName();
    }

    private void move(String from, String to) throws IOException {
        Files.move(home.resolve(from), home.resolve(to), StandardCopyOption.REPLACE_EXISTING);
    }

    private List<String> messages() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void showsARenewedCertificateWhenItsFilesAreAtRest() throws IOException {
        move("b.crt", "a.crt");
        move("b.key", "a.key");

        watch.look();
        assertThat(shown()).isEqualTo("CN=a");
        watch.look();

        assertThat(shown()).isEqualTo("CN=b");
        assertThat(messages())
                .singleElement()
                .asString()
                .startsWith("shows a renewed certificate to clients: CN=b, until ");
    }

    @Test
    void followsALinkThatIsPointedElsewhere() throws IOException {
        Files.createDirectory(home.resolve("old"));
        move("a.crt", "old/a.crt");
        Files.createSymbolicLink(home.resolve("a.crt"), home.resolve("old/a.crt"));
        move("b.key", "a.key");
        Files.delete(home.resolve("a.crt"));
        Files.createSymbolicLink(home.resolve("a.crt"), home.resolve("b.crt"));

        watch.look();
        watch.look();

        assertThat(shown()).isEqualTo("CN=b");
    }

    @Test
    void keepsTheOldCertificateAndTellsOnceOfABadOne() throws IOException {
        openssl.write("a.crt", "-----BEGIN CERTIFICATE-----\nMII");

        for (int look = 0; look < 5; look++) {
            watch.look();
        }

        assertThat(shown()).isEqualTo("CN=a");
        assertThat(messages())
                .singleElement()
                .asString()
                .startsWith("keeps the certificate it has: LISTEN_TLS_CERT must be ")
                .endsWith("it breaks off: no '-----END CERTIFICATE-----' where one is due");
    }

    @Test
    void recoversWhenTheFilesDo() throws IOException {
        Files.delete(home.resolve("a.key"));
        watch.look();
        watch.look();
        move("b.crt", "a.crt");
        move("b.key", "a.key");

        watch.look();
        watch.look();

        assertThat(shown()).isEqualTo("CN=b");
        assertThat(messages()).hasSize(2);
    }

    @Test
    void saysNothingWhileNothingChanges() {
        watch.look();
        watch.look();

        assertThat(messages()).isEmpty();
    }
}
