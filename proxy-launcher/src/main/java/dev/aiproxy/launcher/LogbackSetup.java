package dev.aiproxy.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * What logback does before any setting is known: warnings go to stderr. {@link ProcessLog} adds the file later. In code
 * and not in XML, since parsing XML takes longer than all the rest of the logging's start.
 *
 * <p>Under systemd the journal keeps the time and takes the level from a number in front of the line, so there
 * everything from INFO on goes to stderr in that form. Whoever names a file by {@code -Dlogback.configurationFile} gets
 * what the file says, and nothing of this.
 */
public final class LogbackSetup extends ContextAwareBase implements Configurator {

    static final String JETTY = "org.eclipse.jetty";

    /** The message with whatever could forge a second line taken out. */
    static final String ONE_LINE = "%replace(%msg){'[\\x00-\\x1f\\x7f]','?'}";

    private static final String FILE_PROPERTY = "logback.configurationFile";
    private static final String JOURNAL_LEVEL =
            "<%replace(%replace(%replace(%level){'ERROR','3'}){'WARN','4'}){'INFO','6'}>";

    /** For logback, which finds this class as a service. */
    public LogbackSetup() {
        super();
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (isLeftToFile()) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        boolean journal = System.getenv("JOURNAL_STREAM") != null;
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(stderr(context, journal));
        context.getLogger(JETTY).setLevel(Level.WARN);
        // Its two warnings about unchecked certificates say less clearly what the run verb says itself.
        context.getLogger(JETTY + ".util.ssl.SslContextFactory.config").setLevel(Level.ERROR);
        // It quotes a bad authority as the client sent it, user and password included, in a line for each request.
        context.getLogger(JETTY + ".util.HostPort").setLevel(Level.OFF);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    static boolean isLeftToFile() {
        return System.getProperty(FILE_PROPERTY) != null;
    }

    private static ConsoleAppender<ILoggingEvent> stderr(LoggerContext context, boolean journal) {
        ThresholdFilter threshold = new ThresholdFilter();
        threshold.setLevel(journal ? "INFO" : "WARN");
        threshold.start();
        ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
        stderr.setContext(context);
        stderr.setName("stderr");
        stderr.setTarget("System.err");
        stderr.addFilter(threshold);
        stderr.setEncoder(encoder(context, (journal ? JOURNAL_LEVEL : "%level: ") + ONE_LINE + "%nopex%n"));
        stderr.start();
        return stderr;
    }

    static PatternLayoutEncoder encoder(LoggerContext context, String pattern) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(pattern);
        encoder.start();
        return encoder;
    }
}
