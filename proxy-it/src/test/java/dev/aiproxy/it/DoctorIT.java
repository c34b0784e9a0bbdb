package dev.aiproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code check --doctor} by the jar, beside a proxy that runs, or does not. */
@Timeout(120)
final class DoctorIT {
    private static final TestCertificates CERTIFICATES = TestCertificates.get();
    private static final String SECRET = "sk-s3cret";
    private static final int AT_ONCE = 500;

    private final ScriptedUpstream plain = ScriptedUpstream.plain();
    private final ScriptedUpstream secure = ScriptedUpstream.tls(CERTIFICATES.localhost());

    private boolean isStarted;

    @TempDir
    Path home;

    private void start() {
        isStarted = true;
        assertThat(Verb.run(home, "start").exitCode()).isZero();
    }

    @AfterEach
    void stop() {
        if (isStarted) {
            Verb.run(home, "stop", "--now");
        }
        plain.close();
        secure.close();
        assertThat(plain.failures()).isEmpty();
    }

    @SideBySide
    @Test
    void findsTheWayToATlsServerFine() throws Exception {
        secure.answer(request -> dated(Duration.ZERO));
        configure(
                "TARGET_HOST=localhost",
                "TARGET_PORT=" + secure.port(),
                "TARGET_CA_FILE=" + CERTIFICATES.authorityFile());
        start();

        Verb doctor = Verb.run(home, "check", "--doctor");

        assertThat(doctor.exitCode()).as(doctor.out()).isZero();
        assertThat(doctor.err()).isEmpty();
        assertThat(line(doctor, "process")).startsWith("ok ").contains("PID ");
        assertThat(line(doctor, "port")).startsWith("ok ");
        assertThat(line(doctor, "DNS")).startsWith("ok ").contains("localhost is ", "127.0.0.1");
        assertThat(line(doctor, "TCP")).startsWith("ok ");
        assertThat(line(doctor, "TLS")).contains("certificate of CN=", "chain of ", " more days");
        assertThat(line(doctor, "HTTP")).startsWith("ok ").contains("status 200");
        assertThat(line(doctor, "clock")).startsWith("ok ");
        assertThat(line(doctor, "through")).startsWith("ok ").contains("through the running proxy", "status 200");
        assertThat(line(doctor, "stream")).startsWith("skip ").contains("--stream");
        assertThat(line(doctor, "twin")).contains("13 of 13 tokens came");
        assertThat(line(doctor, "cancel")).contains("the call ended there");
        assertThat(line(doctor, "timeouts")).startsWith("ok ").contains("1h (STREAM_IDLE_TIMEOUT)");
        assertThat(doctor.out()).contains("open files", "firewall");
    }

    @SideBySide
    @Test
    void goesAsFarAsTheProxyOnTheWay() throws Exception {
        plain.answer(request -> dated(Duration.ZERO));
        configure(
                "TARGET_PROTOCOL=http",
                "TARGET_HOST=ai.invalid",
                "UPSTREAM_PROXY=http://me:" + SECRET + "@127.0.0.1:" + plain.port());
        start();

        Verb doctor = Verb.run(home, "check", "--doctor");

        assertThat(doctor.exitCode()).as(doctor.out()).isZero();
        assertThat(line(doctor, "DNS")).startsWith("ok ").contains("UPSTREAM_PROXY, 127.0.0.1 is 127.0.0.1");
        assertThat(line(doctor, "TCP")).startsWith("ok ").contains("127.0.0.1 port " + plain.port());
        assertThat(line(doctor, "HTTP")).startsWith("skip ").contains("behind UPSTREAM_PROXY");
        assertThat(line(doctor, "clock")).startsWith("skip ");
        assertThat(line(doctor, "through")).startsWith("ok ").contains("status 200");
        assertThat(doctor.out() + doctor.err()).doesNotContain(SECRET);
    }

    @SideBySide
    @Test
    void goesToTheServerItselfWhereNoProxySaysSo() throws Exception {
        plain.answer(request -> dated(Duration.ZERO));
        configure(
                "TARGET_PROTOCOL=http",
                "TARGET_HOST=127.0.0.1",
                "TARGET_PORT=" + plain.port(),
                "UPSTREAM_PROXY=http://proxy.invalid:3128",
                "NO_PROXY=127.0.0.0/8");

        Verb doctor = Verb.run(home, "check", "--doctor");

        assertThat(line(doctor, "HTTP")).startsWith("ok ").contains("status 200");
    }

    @SideBySide
    @Test
    void showsTheCertificateThatTheServerAsksFor() throws Exception {
        try (ScriptedUpstream asking = ScriptedUpstream.tlsForKnownClients(CERTIFICATES.localhostForKnownClients())) {
            asking.answer(request -> dated(Duration.ZERO));
            TestCertificates.write(home.resolve("cert.pem"), CERTIFICATES.clientChain());
            TestCertificates.write(home.resolve("key.pem"), CERTIFICATES.clientKey());
            configure(
                    "TARGET_HOST=localhost",
                    "TARGET_PORT=" + asking.port(),
                    "TARGET_CA_FILE=" + CERTIFICATES.authorityFile(),
                    "TARGET_CLIENT_CERT=" + home.resolve("cert.pem"),
                    "TARGET_CLIENT_KEY=" + home.resolve("key.pem"));

            Verb doctor = Verb.run(home, "check", "--doctor");

            assertThat(line(doctor, "HTTP")).startsWith("ok ").contains("status 200");
        }
    }

    @SideBySide
    @Test
    void asksAServerOfHttp2ForNothingInHttp1() throws Exception {
        configure(
                "TARGET_PROTOCOL=http",
                "TARGET_HOST=127.0.0.1",
                "TARGET_PORT=" + plain.port(),
                "TARGET_HTTP_VERSION=2");

        Verb doctor = Verb.run(home, "check", "--doctor");

        assertThat(line(doctor, "TCP")).startsWith("ok ");
        assertThat(line(doctor, "HTTP")).startsWith("skip ").contains("TARGET_HTTP_VERSION=2");
        assertThat(plain.requests()).isEmpty();
    }

    @SideBySide
    @Test
    void warnsOfAClockThatIsOff() throws Exception {
        plain.answer(request -> dated(Duration.ofMinutes(-5)));
        configurePlain();

        Verb doctor = Verb.run(home, "check", "--doctor");

        assertThat(line(doctor, "clock")).startsWith("warn ").contains("ahead of the AI server's");
    }

    @SideBySide
    @Test
    void namesACertificateThatIsNotTrustedAndWhatToDo() throws Exception {
        configure("TARGET_HOST=localhost", "TARGET_PORT=" + secure.port());
        start();

        Verb doctor = Verb.run(home, "check", "--doctor");

        assertThat(doctor.exitCode()).isEqualTo(1);
        assertThat(line(doctor, "TLS")).startsWith("fail ").contains("certificate of CN=", "not trusted");
        assertThat(doctor.out()).contains("> if it is of your own", "TARGET_CA_FILE");
        assertThat(line(doctor, "through")).startsWith("fail ").contains("502 upstream_tls_failed");
    }

    @SideBySide
    @Test
    void tellsThatTheAiServerIsDown() throws Exception {
        int port = FreePort.any();
        configure("TARGET_PROTOCOL=http", "TARGET_HOST=127.0.0.1", "TARGET_PORT=" + port);
        start();

        Verb doctor = Verb.run(home, "check", "--doctor");

        assertThat(doctor.exitCode()).isEqualTo(1);
        assertThat(line(doctor, "TCP")).startsWith("fail ").contains("127.0.0.1 port " + port);
        assertThat(line(doctor, "through")).startsWith("fail ").contains("502 upstream_connect_refused");
    }

    @SideBySide
    @Test
    void looksAtTheRestWhenNothingRuns() throws Exception {
        plain.answer(request -> dated(Duration.ZERO));
        configurePlain();

        Verb doctor = Verb.run(home, "check", "--doctor");

        assertThat(doctor.exitCode()).isEqualTo(3);
        assertThat(line(doctor, "process")).startsWith("fail ").contains("not running");
        assertThat(line(doctor, "HTTP")).startsWith("ok ");
        assertThat(doctor.out()).doesNotContain("through the running proxy");
    }

    @SideBySide
    @Test
    void namesEachBadSettingAndGoesNoFurther() throws Exception {
        configure("LISTEN_PORT=abc", "MAX_STREAMS=none");

        Verb doctor = Verb.run(home, "check", "--doctor", "--json");

        assertThat(doctor.exitCode()).isEqualTo(78);
        JsonNode findings = Json.parse(doctor.out());
        assertThat(findings).hasSize(2);
        assertThat(findings.get(0).get("verdict").textValue()).isEqualTo("fail");
        assertThat(findings.get(0).get("found").textValue()).contains("config.env", "LISTEN_PORT", "abc");
    }

    @SideBySide
    @Test
    void tellsTheSameToPrograms() throws Exception {
        plain.answer(request -> dated(Duration.ZERO));
        configurePlain();

        JsonNode findings =
                Json.parse(Verb.run(home, "check", "--doctor", "--json").out());

        List<String> checks = new ArrayList<>();
        findings.forEach(finding -> checks.add(finding.get("check").textValue()));
        assertThat(checks)
                .containsExactly(
                        "settings",
                        "process",
                        "port",
                        "DNS",
                        "TCP",
                        "HTTP",
                        "clock",
                        "twin",
                        "cancel",
                        "timeouts",
                        "open files",
                        "firewall");
        assertThat(findings.get(3).get("ms").isNumber()).isTrue();
    }

    @SideBySide
    @Test
    void asksForAStreamOnlyWhenToldAndShowsNoKey() throws Exception {
        plain.answer(request -> request.method().equals("POST") ? tokens() : dated(Duration.ZERO));
        configurePlain();
        start();
        Map<String, String> key = Map.of("OPENAI_API_KEY", SECRET);

        Verb without = Verb.run(home, key, "check", "--doctor");

        assertThat(keys()).isEmpty();

        Verb with = Verb.run(home, key, "check", "--stream", "--model", "m");

        assertThat(with.exitCode()).as(with.out()).isZero();
        assertThat(line(with, "stream")).startsWith("ok ").contains("5 events", "through the running proxy");
        assertThat(keys()).containsExactly("Bearer " + SECRET);
        assertThat(without.out() + without.err() + with.out() + with.err()).doesNotContain(SECRET);
    }

    @SideBySide
    @Test
    void tellsAStreamThatIsHeldBackFromOneThatFlows() throws Exception {
        plain.answer(request -> request.method().equals("POST") ? allAtOnce() : dated(Duration.ZERO));
        configurePlain();
        start();

        Verb doctor = Verb.run(home, "check", "--stream");

        assertThat(line(doctor, "stream")).startsWith("warn ").contains(AT_ONCE + " events", ": at once");
    }

    @SideBySide
    @Test
    void sendsNoTokenThroughAProxyThatAsksForOne() throws Exception {
        plain.answer(request -> dated(Duration.ZERO));
        configure(
                "TARGET_PROTOCOL=http",
                "TARGET_HOST=127.0.0.1",
                "TARGET_PORT=" + plain.port(),
                "PROXY_TOKENS=ann:0123456789abcdef");
        start();

        Verb doctor = Verb.run(home, "check", "--doctor");

        assertThat(doctor.exitCode()).as(doctor.out()).isZero();
        assertThat(line(doctor, "through")).startsWith("skip ").contains("PROXY_TOKENS");
        assertThat(doctor.out()).doesNotContain("0123456789abcdef");
    }

    private static String line(Verb doctor, String check) {
        return doctor.out()
                .lines()
                .filter(line -> line.matches("\\w+ +" + check + " .*"))
                .findFirst()
                .orElse("no line for " + check + " in:\n" + doctor.out() + doctor.err());
    }

    private List<String> keys() {
        return plain.requests().stream()
                .flatMap(request -> request.head().values("Authorization").stream())
                .toList();
    }

    /** With a Date that is as far off. */
    private static Script dated(Duration off) {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plus(off));
        return Answers.message("HTTP/1.1 200 OK", "{}", "Date: " + date);
    }

    /** In one piece, and so many that even a busy machine does not take two milliseconds for each. */
    private static Script allAtOnce() {
        StringBuilder chunks = new StringBuilder();
        for (int number = 1; number <= AT_ONCE; number++) {
            String event = Answers.event(number);
            chunks.append(Integer.toHexString(event.length()) + "\r\n" + event + "\r\n");
        }
        return Answers.eventHead().then(Step.send(chunks + "0\r\n\r\n"));
    }

    private static Script tokens() {
        Script script = Answers.eventHead();
        for (int number = 1; number <= 5; number++) {
            script = script.then(new Step.Pause(Duration.ofMillis(40)), Step.chunk(Answers.event(number)));
        }
        return script.then(Step.lastChunk());
    }

    private void configurePlain() throws IOException {
        configure("TARGET_PROTOCOL=http", "TARGET_HOST=127.0.0.1", "TARGET_PORT=" + plain.port());
    }

    private void configure(String... lines) throws IOException {
        List<String> all = new ArrayList<>(List.of("LISTEN_HOST=127.0.0.1"));
        if (List.of(lines).stream().noneMatch(line -> line.startsWith("LISTEN_PORT="))) {
            all.add("LISTEN_PORT=0");
        }
        all.addAll(List.of(lines));
        Files.write(home.resolve("config.env"), all);
    }
}
