package dev.aiproxy.it;

import java.util.List;
import java.util.SplittableRandom;

/**
 * One conversation, the same whenever seed and number are the same.
 *
 * @param isResponse whether it is the response that is mutated, and not the request
 * @param isMutated whether it is mutated at all
 * @param allowsHalfClose whether the proxy serves clients that half-close
 * @param request what the client sends, in these pieces
 * @param requestEnd what the client does then
 * @param response what the upstream sends, in these pieces; the request must be plain
 * @param responseEnd what the upstream does then
 */
record FuzzCase(
        long seed,
        long number,
        boolean isResponse,
        boolean isMutated,
        boolean allowsHalfClose,
        List<String> request,
        End requestEnd,
        List<String> response,
        End responseEnd) {

    /** What follows the last byte. */
    enum End {
        /** Nothing more is sent, but the other side's bytes are read to their end. */
        HALF_CLOSE,
        /** An ordinary close. */
        FIN,
        /** A reset. */
        RST,
        /** The connection stays open. */
        STAY
    }

    private static final long MIX = 0x9E3779B97F4A7C15L;

    static FuzzCase of(long seed, long number) {
        SplittableRandom random = new SplittableRandom(seed * MIX + number);
        boolean isMutated = random.nextInt(20) > 0;
        return random.nextInt(5) < 2
                ? ofResponse(seed, number, random, isMutated)
                : ofRequest(seed, number, random, isMutated);
    }

    private static FuzzCase ofRequest(long seed, long number, SplittableRandom random, boolean isMutated) {
        FuzzMutator mutator = new FuzzMutator(random, FuzzCorpus.REQUESTS);
        boolean allowsHalfClose = random.nextInt(4) > 0;
        String valid = FuzzCorpus.REQUESTS.get(random.nextInt(FuzzCorpus.REQUESTS.size()));
        List<String> request = mutator.pieces(isMutated ? mutator.mutated(valid) : valid);
        End end = requestEnd(random.nextInt(100));
        return new FuzzCase(seed, number, false, isMutated, allowsHalfClose, request, end, List.of(), End.STAY);
    }

    private static End requestEnd(int percent) {
        if (percent < 75) {
            return End.HALF_CLOSE;
        }
        return percent < 87 ? End.FIN : percent < 99 ? End.RST : End.STAY;
    }

    private static FuzzCase ofResponse(long seed, long number, SplittableRandom random, boolean isMutated) {
        FuzzMutator mutator = new FuzzMutator(random, FuzzCorpus.RESPONSES);
        boolean allowsHalfClose = random.nextBoolean();
        String request = FuzzCorpus.PLAIN_REQUESTS.get(random.nextInt(FuzzCorpus.PLAIN_REQUESTS.size()));
        String valid = FuzzCorpus.RESPONSES.get(random.nextInt(FuzzCorpus.RESPONSES.size()));
        List<String> response = mutator.pieces(isMutated ? mutator.mutated(valid) : valid);
        End end = responseEnd(random.nextInt(100));
        End clientEnd = allowsHalfClose ? End.HALF_CLOSE : End.STAY;
        return new FuzzCase(seed, number, true, isMutated, allowsHalfClose, List.of(request), clientEnd, response, end);
    }

    private static End responseEnd(int percent) {
        if (percent < 60) {
            return End.FIN;
        }
        return percent < 75 ? End.RST : End.STAY;
    }

    /** The method of a request that is not mutated. */
    String method() {
        return request.get(0).split(" ", 2)[0];
    }

    @Override
    public String toString() {
        return String.format(
                "-Dfuzz.seed=%d -Dfuzz.case=%d: the %s%s, %s a half close is allowed%n  request %s, then %s%n  response %s, then %s",
                seed,
                number,
                isResponse ? "response" : "request",
                isMutated ? "" : " (as it should be)",
                allowsHalfClose ? "where" : "where no",
                escaped(request),
                requestEnd,
                escaped(response),
                responseEnd);
    }

    /** As string literals of Java, one for each piece. */
    static String escaped(List<String> pieces) {
        StringBuilder all = new StringBuilder();
        for (String piece : pieces) {
            all.append(all.isEmpty() ? "\"" : ", \"");
            piece.chars().forEach(character -> all.append(escaped((char) character)));
            all.append('"');
        }
        return all.toString();
    }

    private static String escaped(char character) {
        return switch (character) {
            case '\r' -> "\\r";
            case '\n' -> "\\n";
            case '\t' -> "\\t";
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            default ->
                character >= ' ' && character < 0x7f
                        ? String.valueOf(character)
                        : String.format("\\u%04x", (int) character);
        };
    }
}
