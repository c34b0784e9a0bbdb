package dev.aiproxy.launcher;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** When certificates are valid. Those that are not may be shown all the same; it is the clients that will refuse them. */
final class Validity {

    private Validity() {}

    /** What clients will object to, one line for each certificate. */
    static List<String> problems(List<X509Certificate> chain, Instant now) {
        List<String> problems = new ArrayList<>();
        for (X509Certificate certificate : chain) {
            if (certificate.getNotAfter().toInstant().isBefore(now)) {
                problems.add("certificate %s expired at %s; clients will refuse it"
                        .formatted(name(certificate), certificate.getNotAfter().toInstant()));
            } else if (certificate.getNotBefore().toInstant().isAfter(now)) {
                problems.add("certificate %s is not valid before %s; clients will refuse it"
                        .formatted(name(certificate), certificate.getNotBefore().toInstant()));
            }
        }
        return problems;
    }

    /** The first certificate and how long it is valid. */
    static String text(List<X509Certificate> chain) {
        X509Certificate leaf = chain.get(0);
        return name(leaf) + ", until " + leaf.getNotAfter().toInstant();
    }

    private static String name(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }
}
