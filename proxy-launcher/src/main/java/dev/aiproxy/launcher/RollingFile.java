package dev.aiproxy.launcher;

import ch.qos.logback.core.Context;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A log file that begins anew each day and at some size, and of which some days are kept, compressed. */
final class RollingFile {

    private RollingFile() {}

    /**
     * Opens a log file, appending to what is there.
     *
     * @param appender one that is new
     * @param name name without {@code .log}
     * @return the appender
     * @throws InvalidSettingsException if it cannot be written
     */
    static <E, A extends RollingFileAppender<E>> A open(
            A appender, Context context, Settings settings, String name, LogRetention retention, Encoder<E> encoder) {
        Path folder = settings.get(ConfigKey.LOG_DIR);
        Path file = checkedFile(settings.written(ConfigKey.LOG_DIR), folder, name);
        appender.setContext(context);
        appender.setName(name);
        appender.setFile(file.toString());
        appender.setEncoder(encoder);
        appender.setRollingPolicy(policy(context, folder, name, retention, appender));
        appender.start();
        return appender;
    }

    private static <E> SizeAndTimeBasedRollingPolicy<E> policy(
            Context context, Path folder, String name, LogRetention retention, RollingFileAppender<E> appender) {
        SizeAndTimeBasedRollingPolicy<E> policy = new SizeAndTimeBasedRollingPolicy<>();
        policy.setContext(context);
        policy.setParent(appender);
        policy.setFileNamePattern(
                folder.resolve(name + ".%d{yyyy-MM-dd}.%i.log.gz").toString());
        policy.setMaxFileSize(new FileSize(retention.fileBytes()));
        policy.setMaxHistory(retention.days());
        policy.setTotalSizeCap(new FileSize(retention.keptBytes()));
        policy.start();
        return policy;
    }

    /**
     * The file of a log, which can be written: logback would go on without, and a proxy whose log is missing when it is needed
     * had better not start.
     *
     * @throws InvalidSettingsException if it cannot
     */
    static Path checkedFile(SettingText logDir, Path folder, String name) {
        Path file = folder.resolve(name + ".log");
        try {
            Files.createDirectories(folder);
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
            return file;
        } catch (IOException e) {
            throw new InvalidSettingsException(
                    "%s: LOG_DIR is '%s', must be a folder where logs can be written: cannot write %s"
                            .formatted(logDir.origin(), logDir.text(), file),
                    e);
        }
    }
}
