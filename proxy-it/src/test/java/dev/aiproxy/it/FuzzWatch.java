package dev.aiproxy.it;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.ExchangeListener;
import dev.aiproxy.Outcome;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/**
 * Looks over a proxy's shoulder: whether each exchange ends exactly once, what it logs, and whether a thread dies. Keeps
 * only what is wrong, so that it can look on for hours.
 */
final class FuzzWatch implements AutoCloseable {
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private final LogWatch log = new LogWatch();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();

    /** Begins to watch the logs and the threads of this JVM. */
    FuzzWatch() {
        log.setContext(root.getLoggerContext());
        log.start();
        root.addAppender(log);
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, failure) -> complaints.add("thread " + thread.getName() + " died of " + failure));
    }

    /** What was logged or has died since it was last asked. */
    List<String> takeComplaints() {
        return taken(complaints);
    }

    private static List<String> taken(Queue<String> complaints) {
        List<String> all = List.copyOf(complaints);
        complaints.removeAll(all);
        return all;
    }

    synchronized Map<Outcome, Long> outcomes() {
        return Map.copyOf(outcomes);
    }

    private synchronized void count(Outcome outcome) {
        outcomes.merge(outcome, 1L, Long::sum);
    }

    @Override
    public void close() {
        Thread.setDefaultUncaughtExceptionHandler(before);
        root.detachAppender(log);
    }

    /** The account of one proxy, whose exchanges are numbered. */
    final class Account implements ExchangeListener {
        private final Set<Long> running = ConcurrentHashMap.newKeySet();
        private final Queue<String> mistakes = new ConcurrentLinkedQueue<>();

        /** What was wrong with exchanges since it was last asked. */
        List<String> takeMistakes() {
            return taken(mistakes);
        }

        /** Whether all that have begun have ended. */
        boolean isBalanced() {
            return running.isEmpty();
        }

        @Override
        public void onRequest(Exchange exchange) {
            running.add(exchange.id());
        }

        @Override
        public void onEnd(ExchangeEnd end) {
            count(end.outcome());
            if (!running.remove(end.exchange().id())) {
                mistakes.add("an exchange ended twice, or has never begun: " + end);
            }
            if (end.errorCode().filter("proxy_error"::equals).isPresent()) {
                mistakes.add("the proxy failed: " + end);
            }
        }
    }

    /** Takes every error, and every warning with a stack trace, for a bug. */
    private final class LogWatch extends AppenderBase<ILoggingEvent> {
        @Override
        protected void append(ILoggingEvent event) {
            boolean isTraced = event.getThrowableProxy() != null;
            if (event.getLevel() == Level.ERROR || event.getLevel() == Level.WARN && isTraced) {
                String trace = isTraced ? "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy()) : "";
                complaints.add(
                        event.getLevel() + " " + event.getLoggerName() + " " + event.getFormattedMessage() + trace);
            }
        }
    }
}
