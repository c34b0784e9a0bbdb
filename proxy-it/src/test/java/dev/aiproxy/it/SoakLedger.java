package dev.aiproxy.it;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Both ends' account of a soak: what was asked, what was seen, and where the two differ. For any threads. */
final class SoakLedger {
    private static final int MOST_OF_A_KIND = 3;

    private final Map<SoakKind, AtomicLong> sent = new EnumMap<>(SoakKind.class);
    private final Map<String, Boolean> open = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> disagreements = new ConcurrentLinkedQueue<>();
    private final Map<String, AtomicLong> disagreementsByKind = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();
    private final AtomicLong lostToClosing = new AtomicLong();

    SoakLedger() {
        for (SoakKind kind : SoakKind.values()) {
            sent.put(kind, new AtomicLong());
        }
    }

    /** Opens an exchange and returns its target. */
    String open(SoakKind kind) {
        sent.get(kind).incrementAndGet();
        String target = "/" + kind + "/" + lastId.incrementAndGet();
        open.put(target, false);
        return target;
    }

    /** The upstream has read this request to its end. */
    void seen(String target) {
        Boolean before = open.put(target, true);
        if (before == null) {
            disagree(target, "came to the upstream when the client was through with it");
        } else if (before) {
            disagree(target, "came to the upstream twice");
        }
    }

    boolean isSeen(String target) {
        return open.getOrDefault(target, false);
    }

    /** The client is through with it; only a leaving client may be through before the upstream has seen it. */
    void close(String target, boolean mustBeSeen) {
        boolean isSeen = Boolean.TRUE.equals(open.remove(target));
        if (mustBeSeen && !isSeen) {
            disagree(target, "was answered, but never came to the upstream");
        }
    }

    /**
     * A request met a connection that was closed at that moment. Only an upload may be lost so: it goes in parts, of which
     * the first may have been read, for all that the proxy can tell.
     */
    void lostToClosing(String target) {
        lostToClosing.incrementAndGet();
        open.remove(target);
        if (SoakKind.of(target) != SoakKind.UPLOAD) {
            disagree(target, "was lost to a closing connection, though it was known to be unread");
        }
    }

    /** Counts what went wrong, and keeps the first of each kind: what it begins with, numbers left out. */
    void disagree(String target, String what) {
        String line = what.lines().findFirst().orElse("").replaceAll("[/A-Z]*/\\d+", "...");
        long times = disagreementsByKind
                .computeIfAbsent(line, any -> new AtomicLong())
                .incrementAndGet();
        if (times <= MOST_OF_A_KIND) {
            disagreements.add(target + " " + what);
        }
    }

    /** How often each kind of disagreement was found. */
    Map<String, AtomicLong> disagreementsByKind() {
        return disagreementsByKind;
    }

    long sent(SoakKind kind) {
        return sent.get(kind).get();
    }

    long sent() {
        return lastId.get();
    }

    long lostToClosing() {
        return lostToClosing.get();
    }

    List<String> disagreements() {
        return List.copyOf(disagreements);
    }
}
