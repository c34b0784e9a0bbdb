package dev.aiproxy.launcher;

import dev.aiproxy.ForwardProxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the files of the certificate, so that one that is renewed on disk is shown to clients without a restart. A
 * thread of its own looks; files that are still being written are left until they have come to rest.
 */
final class ListenTlsWatch implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(ListenTlsWatch.class);
    private static final Duration PERIOD = Duration.ofSeconds(2);

    private final ListenTlsFiles files;
    private final ForwardProxy proxy;
    private final CountDownLatch closed = new CountDownLatch(1);
    /** What has been dealt with, well or badly. */
    private List<FileStamp> known;

    private List<FileStamp> lastSeen;

    ListenTlsWatch(ListenTlsFiles files, ForwardProxy proxy) {
        this.files = files;
        this.proxy = proxy;
        this.known = files.stamps();
        this.lastSeen = known;
    }

    void start() {
        Thread thread = new Thread(this::run, "certificate-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (!closed.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Shows clients what is in the files if they have changed, and not since the last look. */
    void look() {
        List<FileStamp> now = files.stampsNow();
        boolean isAtRest = now.equals(lastSeen);
        lastSeen = now;
        if (now.equals(known) || !isAtRest) {
            return;
        }
        known = now;
        try {
            ListenTls renewed = files.again().content();
            renewed.applyTo(proxy);
            logger.info("shows a renewed certificate to clients: {}", renewed);
            Validity.problems(renewed.chain(), Instant.now()).forEach(problem -> logger.warn("{}", problem));
        } catch (BadSettingException e) {
            logger.warn("keeps the certificate it has: {} {}", e.key(), e.getMessage());
        } catch (RuntimeException e) {
            logger.warn("keeps the certificate it has", e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
