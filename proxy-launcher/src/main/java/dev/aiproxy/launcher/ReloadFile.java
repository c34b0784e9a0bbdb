package dev.aiproxy.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * {@code proxy.reload} in the home folder: what the proxy that runs there tells those who ask it by a signal to read its
 * settings again, since a signal has no answer. It is there if and only if the proxy takes that signal.
 *
 * <p>Reloads are numbered, and one is announced before it reads anything. Whoever changes a file, then looks here, and then
 * sends the signal, is served by the first reload that had not begun at the look, whoever asked for it.
 *
 * @param pid the proxy
 * @param begun number of the reload that has begun last; 0 before the first
 * @param ended number of the reload that has ended last
 * @param results of those that have ended last, the oldest first
 */
record ReloadFile(long pid, long begun, long ended, List<ReloadResult> results) {

    static final String NAME = "proxy.reload";

    /** Enough for all who may wait at once; who finds its own gone takes the last. */
    private static final int MOST_RESULTS = 8;

    /** Copies the list. */
    ReloadFile {
        results = List.copyOf(results);
    }

    /** Of a proxy that has not reloaded yet. */
    static ReloadFile of(long pid) {
        return new ReloadFile(pid, 0, 0, List.of());
    }

    ReloadFile withBegun() {
        return new ReloadFile(pid, begun + 1, ended, results);
    }

    ReloadFile withEnded(ReloadResult result) {
        int kept = Math.min(results.size(), MOST_RESULTS - 1);
        List<ReloadResult> more = new ArrayList<>(results.subList(results.size() - kept, results.size()));
        more.add(result);
        return new ReloadFile(pid, begun, begun, more);
    }

    /** What came of the first reload with this number or a higher one, as far as it is known; empty before it has ended. */
    Optional<ReloadResult> resultSince(long number) {
        if (ended < number) {
            return Optional.empty();
        }
        long back = Math.min(ended - number, results.size() - 1L);
        return Optional.of(results.get((int) (results.size() - 1 - back)));
    }

    /** What there is in a home, if there is anything. */
    static Optional<ReloadFile> read(Path home) throws IOException {
        try {
            Map<String, String> facts = PropertyText.read(Files.readString(home.resolve(NAME)));
            long ended = number(facts, "ended");
            List<ReloadResult> results = LongStream.rangeClosed(Math.max(1, ended - MOST_RESULTS + 1), ended)
                    .filter(number -> facts.containsKey(number + ".code"))
                    .mapToObj(number -> result(facts, number + "."))
                    .toList();
            return Optional.of(new ReloadFile(number(facts, "pid"), number(facts, "begun"), ended, results));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IllegalArgumentException damaged) {
            throw new IOException("damaged: " + home.resolve(NAME), damaged);
        }
    }

    private static long number(Map<String, String> facts, String name) {
        return Long.parseLong(facts.getOrDefault(name, ""));
    }

    private static ReloadResult result(Map<String, String> facts, String prefix) {
        return new ReloadResult(
                (int) number(facts, prefix + "code"),
                lines(facts, prefix + "change."),
                lines(facts, prefix + "remark."));
    }

    private static List<String> lines(Map<String, String> facts, String prefix) {
        return IntStream.iterate(0, i -> facts.containsKey(prefix + i), i -> i + 1)
                .mapToObj(i -> facts.get(prefix + i))
                .toList();
    }

    /** In one step, so that nobody reads half of it. */
    void write(Path home) throws IOException {
        Path fresh = home.resolve(NAME + ".new");
        Files.writeString(fresh, PropertyText.of(facts()));
        Files.move(fresh, home.resolve(NAME), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("pid", Long.toString(pid));
        facts.put("begun", Long.toString(begun));
        facts.put("ended", Long.toString(ended));
        for (int i = 0; i < results.size(); i++) {
            ReloadResult result = results.get(i);
            String prefix = (ended - results.size() + 1 + i) + ".";
            facts.put(prefix + "code", Integer.toString(result.exitCode()));
            put(facts, prefix + "change.", result.changes());
            put(facts, prefix + "remark.", result.remarks());
        }
        return facts;
    }

    private static void put(Map<String, String> facts, String prefix, List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            facts.put(prefix + i, lines.get(i));
        }
    }

    /** Deletes what a proxy of this number has written. */
    static void delete(Path home, long pid) throws IOException {
        Optional<ReloadFile> written = read(home);
        if (written.isPresent() && written.get().pid() == pid) {
            Files.deleteIfExists(home.resolve(NAME));
        }
    }
}
