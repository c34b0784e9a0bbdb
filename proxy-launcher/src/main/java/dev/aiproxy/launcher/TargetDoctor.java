package dev.aiproxy.launcher;

import dev.aiproxy.ProxyConfig;
import dev.aiproxy.launcher.Finding.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Goes the way from this machine to the AI server step by step, without the proxy, up to the first that fails; where there
 * is an UPSTREAM_PROXY on the way, up to that.
 */
final class TargetDoctor {

    private static final Duration USUAL_PATIENCE = Duration.ofSeconds(10);
    private static final Duration EXPIRES_SOON = Duration.ofDays(14);
    private static final Duration MOST_SKEW = Duration.ofMinutes(1);

    private final Settings settings;
    private final Consumer<Finding> tell;
    private final Optional<URI> onTheWay;
    private final String host;
    private final int port;
    private final Duration patience;

    /** @param tell takes the findings, in order */
    TargetDoctor(Settings settings, Consumer<Finding> tell) {
        this.settings = settings;
        this.tell = tell;
        String targetHost = settings.get(ConfigKey.TARGET_HOST);
        int targetPort = settings.get(ConfigKey.TARGET_PORT);
        this.onTheWay = settings.upstream().proxyTo(targetHost, targetPort);
        this.host = onTheWay.map(URI::getHost).orElse(targetHost);
        this.port = onTheWay.map(URI::getPort).orElse(targetPort);
        Duration configured = settings.get(ConfigKey.CONNECT_TIMEOUT);
        this.patience = configured.isZero() ? USUAL_PATIENCE : configured;
    }

    void examine() {
        List<InetAddress> addresses = lookUp();
        if (addresses.isEmpty()) {
            return;
        }
        try (Socket connection = new Socket()) {
            if (connect(connection, addresses.get(0))) {
                if (onTheWay.isPresent()) {
                    skipTheRest();
                } else {
                    speak(connection);
                }
            }
        } catch (IOException closing) {
            tell.accept(Finding.warn("TCP", "the connection did not close: " + closing.getMessage(), "try again"));
        }
    }

    private List<InetAddress> lookUp() {
        long start = System.nanoTime();
        try {
            List<InetAddress> found =
                    CompletableFuture.supplyAsync(() -> resolved(host)).get(patience.toMillis(), TimeUnit.MILLISECONDS);
            String texts = found.stream().map(IpText::of).collect(Collectors.joining(", "));
            if (!found.isEmpty()) {
                String whose = onTheWay.isPresent() ? "UPSTREAM_PROXY, " : "";
                tell.accept(Finding.ok("DNS", whose + host + " is " + texts).since(start));
                return found;
            }
            tell.accept(Finding.fail(
                            "DNS",
                            host + " is unknown",
                            "is %s misspelt? else look at the DNS of this machine: getent hosts %s"
                                    .formatted(onTheWay.isPresent() ? "UPSTREAM_PROXY" : "TARGET_HOST", host))
                    .since(start));
        } catch (TimeoutException | ExecutionException e) {
            tell.accept(Finding.fail(
                            "DNS",
                            "the name server does not answer",
                            "look at /etc/resolv.conf, and whether the network is up")
                    .since(start));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return List.of();
    }

    private static List<InetAddress> resolved(String host) {
        try {
            return Arrays.asList(InetAddress.getAllByName(host));
        } catch (IOException unknown) {
            return List.of();
        }
    }

    private boolean connect(Socket connection, InetAddress address) {
        String where = IpText.of(address) + " port " + port;
        long start = System.nanoTime();
        try {
            connection.connect(new InetSocketAddress(address, port), (int) patience.toMillis());
            connection.setSoTimeout((int) Math.max(patience.toMillis(), USUAL_PATIENCE.toMillis()));
            tell.accept(inTime(Finding.ok("TCP", "connected to " + where).since(start)));
            return true;
        } catch (SocketTimeoutException e) {
            tell.accept(Finding.fail(
                            "TCP",
                            where + " does not answer",
                            "a firewall drops the packets, here or on the way; the machine may need another way out")
                    .since(start));
        } catch (IOException e) {
            tell.accept(Finding.fail(
                            "TCP",
                            "cannot connect to " + where + ": " + e.getMessage(),
                            onTheWay.isPresent()
                                    ? "is that proxy running, and the port in UPSTREAM_PROXY right?"
                                    : "is the AI server running, and TARGET_PORT right?")
                    .since(start));
        }
        return false;
    }

    /** What takes half of CONNECT_TIMEOUT on a good day takes all of it on a bad one. */
    private Finding inTime(Finding good) {
        boolean slow = good.took()
                .filter(took -> took.multipliedBy(2).compareTo(patience) > 0)
                .isPresent();
        String advice = "that is near CONNECT_TIMEOUT, "
                + settings.written(ConfigKey.CONNECT_TIMEOUT).text() + ": raise it";
        return slow ? new Finding(good.check(), Verdict.WARN, good.found(), Optional.of(advice), good.took()) : good;
    }

    /** Whether the proxy on the way lets anything through is for the proxy that runs to find out. */
    private void skipTheRest() {
        Stream.of("TLS", "HTTP", "clock")
                .filter(check -> !check.equals("TLS") || !isPlain())
                .map(check -> Finding.skip(check, "the AI server is behind UPSTREAM_PROXY, which \"through\" goes by"))
                .forEach(tell);
    }

    private boolean isPlain() {
        return settings.get(ConfigKey.TARGET_PROTOCOL).equals("http");
    }

    private void speak(Socket connection) throws IOException {
        if (isPlain()) {
            ask(connection);
            return;
        }
        Optional<Socket> secure = shakeHands(connection);
        if (secure.isPresent()) {
            try (Socket tls = secure.get()) {
                ask(tls);
            }
        }
    }

    private Optional<Socket> shakeHands(Socket connection) {
        long start = System.nanoTime();
        try {
            boolean verify = settings.get(ConfigKey.TARGET_TLS_VERIFY);
            TlsProbe probe = probe(verify);
            try {
                Socket tls = probe.over(connection, host);
                tell.accept(certificate(probe.shown(), verify).since(start));
                return Optional.of(tls);
            } catch (IOException e) {
                tell.accept(refused(probe.shown(), e).since(start));
            }
        } catch (GeneralSecurityException | IOException e) {
            tell.accept(Finding.fail("TLS", "this Java cannot speak it: " + e.getMessage(), "use another Java")
                    .since(start));
        }
        return Optional.empty();
    }

    private TlsProbe probe(boolean verify) throws GeneralSecurityException, IOException {
        TlsProbe probe = verify ? TlsProbe.trusting(settings.get(ConfigKey.TARGET_CA_FILE)) : TlsProbe.trustingAll();
        Optional<ProxyConfig.ClientCertificate> own = settings.upstream().clientCertificate();
        return own.isPresent() ? probe.showing(own.get()) : probe;
    }

    private Finding certificate(List<X509Certificate> chain, boolean verified) {
        Instant end = end(chain);
        Duration left = Duration.between(Instant.now(), end);
        String found = described(chain) + ", valid for " + left.toDays() + " more days";
        if (!verified) {
            return Finding.warn(
                    "TLS",
                    "not checked, as TARGET_TLS_VERIFY=false has it: " + found,
                    "anyone on the way can read and change the traffic: name the certificate's root in TARGET_CA_FILE");
        }
        return left.compareTo(EXPIRES_SOON) < 0
                ? Finding.warn("TLS", found, "whoever runs the AI server must renew it")
                : Finding.ok("TLS", found);
    }

    private static Finding refused(List<X509Certificate> chain, IOException failure) {
        if (chain.isEmpty()) {
            return Finding.fail(
                    "TLS",
                    "the handshake failed: " + failure.getMessage(),
                    "if the AI server speaks plain HTTP, set TARGET_PROTOCOL=http");
        }
        return end(chain).isBefore(Instant.now())
                ? Finding.fail("TLS", described(chain) + ", expired", "whoever runs the AI server must renew it")
                : Finding.fail(
                        "TLS",
                        described(chain) + ", not trusted: " + failure.getMessage(),
                        "if it is of your own, or of a firewall that looks into TLS, name its root in TARGET_CA_FILE");
    }

    private static Instant end(List<X509Certificate> chain) {
        return chain.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
    }

    private static String described(List<X509Certificate> chain) {
        return chain.isEmpty()
                ? "no certificate"
                : "certificate of " + chain.get(0).getSubjectX500Principal() + " by "
                        + chain.get(0).getIssuerX500Principal() + ", chain of " + chain.size();
    }

    private void ask(Socket connection) {
        if (settings.get(ConfigKey.TARGET_HTTP_VERSION).equals("2")) {
            tell.accept(Finding.skip(
                    "HTTP", "TARGET_HTTP_VERSION=2, and the doctor speaks HTTP/1.1 alone; \"through\" speaks HTTP/2"));
            return;
        }
        long start = System.nanoTime();
        Instant sent = Instant.now();
        try {
            HttpProbe answer = HttpProbe.ask(
                    connection, HttpProbe.get(ProxyAssembly.target(settings).getAuthority(), "/"));
            Instant received = Instant.now();
            tell.accept(Finding.ok("HTTP", "GET / is answered, by status " + answer.status())
                    .since(start));
            tell.accept(clock(answer, sent, received));
        } catch (IOException e) {
            tell.accept(Finding.fail(
                            "HTTP",
                            "GET / is not answered: " + e.getMessage(),
                            "is TARGET_PORT that of the AI server's HTTP API, and TARGET_PROTOCOL right?")
                    .since(start));
        }
    }

    /** The server's clock as in its Date, which has whole seconds, against the middle of the exchange here. */
    private static Finding clock(HttpProbe answer, Instant sent, Instant received) {
        Optional<Instant> theirs =
                Optional.ofNullable(answer.fields().get("date")).flatMap(TargetDoctor::instant);
        if (theirs.isEmpty()) {
            return Finding.skip("clock", "the AI server sends no Date to compare with");
        }
        Instant ours = sent.plus(Duration.between(sent, received).dividedBy(2));
        Duration skew = Duration.between(theirs.get(), ours);
        String found =
                "%d s %s the AI server's".formatted(skew.abs().toSeconds(), skew.isNegative() ? "behind" : "ahead of");
        return skew.abs().compareTo(MOST_SKEW) > 0
                ? Finding.warn("clock", found, "certificates and signed requests need it right: turn on NTP, or set it")
                : Finding.ok("clock", found);
    }

    private static Optional<Instant> instant(String date) {
        try {
            return Optional.of(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException notADate) {
            return Optional.empty();
        }
    }
}
