package dev.aiproxy.launcher;

import dev.aiproxy.ForwardProxy;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the files of the certificate, so that one that is renewed on disk is shown to clients without a restart. The
 * lock lets one change of certificates at a time happen.
 */
final class ListenTlsWatch implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(ListenTlsWatch.class);

    private final ForwardProxy proxy;
    private final FileWatch<List<FileStamp>> watch;
    private final Object lock = new Object();
    private volatile ListenTlsFiles files;

    ListenTlsWatch(ListenTlsFiles files, ForwardProxy proxy) {
        this.files = files;
        this.proxy = proxy;
        this.watch = new FileWatch<>("certificate-watch", files.stamps(), () -> this.files.stampsNow(), this::renew);
    }

    void start() {
        watch.start();
    }

    /** Shows clients what is in the files if they have changed, and not since the last look. */
    void look() {
        watch.look();
    }

    private void renew() {
        synchronized (lock) {
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
    }

    /**
     * Looks after other files from now on.
     *
     * @param change shows clients what is in them; if it throws, all stays as it is
     */
    void change(ListenTlsFiles others, Runnable change) {
        synchronized (lock) {
            change.run();
            files = others;
            watch.settle(others.stamps());
        }
    }

    @Override
    public void close() {
        watch.close();
    }
}
