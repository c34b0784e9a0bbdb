package dev.aiproxy.launcher;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Writes IP addresses the way people do. */
final class IpText {

    private static final Pattern ZEROS = Pattern.compile("(?<![0-9a-f])0(:0)+(?![0-9a-f])");

    private IpText() {}

    /** Without a zone, and with {@code ::} in place of the longest run of zeros, the first if there are two. */
    // RFC 5952 §4
    static String of(InetAddress address) {
        String text = address.getHostAddress();
        if (!(address instanceof Inet6Address)) {
            return text;
        }
        String whole = text.replaceAll("%.*", "");
        return ZEROS.matcher(whole)
                .results()
                .max(Comparator.comparingInt(
                                (MatchResult zeros) -> zeros.group().length())
                        .thenComparing(zeros -> -zeros.start()))
                .map(zeros ->
                        stripped(whole.substring(0, zeros.start())) + "::" + stripped(whole.substring(zeros.end())))
                .orElse(whole);
    }

    private static String stripped(String part) {
        return part.replaceAll("^:|:$", "");
    }
}
