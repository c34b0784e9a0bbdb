package dev.aiproxy.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What a report of a problem should name. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        Properties versions = versions();
        return new String[] {
            Verbs.PROGRAM + " " + versions.getProperty("version"),
            "Jetty " + versions.getProperty("jetty"),
            "Java " + java(),
            os()
        };
    }

    /** The same as a JSON object. */
    static String json() {
        return new JsonObject()
                .text("version", ofProgram())
                .text("jetty", versions().getProperty("jetty"))
                .text("java", java())
                .text("os", os())
                .toString();
    }

    private static String java() {
        return Runtime.version() + ", " + System.getProperty("java.vendor");
    }

    private static String os() {
        return System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                + System.getProperty("os.arch");
    }

    /** The version of this program alone, such as {@code 0.1.0}. */
    static String ofProgram() {
        return versions().getProperty("version");
    }

    /** Written at build time: a manifest cannot be asked on the module path. */
    private static Properties versions() {
        Properties versions = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            versions.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return versions;
    }
}
