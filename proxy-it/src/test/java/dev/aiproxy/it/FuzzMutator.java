package dev.aiproxy.it;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** Changes a message at random, the same way for the same source of chance. Text is ISO-8859-1. */
final class FuzzMutator {
    private static final int MOST_CHANGES = 4;
    private static final int MOST_PIECES = 6;
    private static final int MOST_COPIED = 40;

    private final SplittableRandom random;
    private final List<String> others;

    /** Splices with these other messages. */
    FuzzMutator(SplittableRandom random, List<String> others) {
        this.random = random;
        this.others = others;
    }

    /** One to four changes. */
    String mutated(String message) {
        String changed = message;
        for (int count = 1 + random.nextInt(MOST_CHANGES); count > 0; count--) {
            changed = changed.isEmpty() ? one(FuzzCorpus.TOKENS) : changedOnce(changed);
        }
        return changed;
    }

    private String changedOnce(String text) {
        int at = random.nextInt(text.length());
        int end = Math.min(text.length(), at + 1 + random.nextInt(MOST_COPIED));
        String before = text.substring(0, at);
        String after = text.substring(at);
        return switch (random.nextInt(13)) {
            case 0 -> before + (char) (text.charAt(at) ^ 1 << random.nextInt(8)) + text.substring(at + 1);
            case 1 -> before + (char) random.nextInt(256) + after;
            case 2 -> before + (char) random.nextInt(256) + text.substring(at + 1);
            case 3 -> before + text.substring(end);
            case 4 -> text.substring(0, end) + after;
            case 5 -> before + one(FuzzCorpus.TOKENS) + after;
            case 6 -> before + one(FuzzCorpus.TOKENS) + text.substring(end);
            case 7 -> linesSwapped(text);
            case 8 -> lineCopied(text);
            case 9 -> lineDropped(text);
            case 10 -> spliced(before);
            case 11 -> numberReplaced(text);
            default -> before;
        };
    }

    private String linesSwapped(String text) {
        List<String> lines = lines(text);
        Collections.swap(lines, random.nextInt(lines.size()), random.nextInt(lines.size()));
        return String.join("\r\n", lines);
    }

    private String lineCopied(String text) {
        List<String> lines = lines(text);
        lines.add(random.nextInt(lines.size()), lines.get(random.nextInt(lines.size())));
        return String.join("\r\n", lines);
    }

    private String lineDropped(String text) {
        List<String> lines = lines(text);
        lines.remove(random.nextInt(lines.size()));
        return String.join("\r\n", lines);
    }

    private static List<String> lines(String text) {
        return new ArrayList<>(Arrays.asList(text.split("\r\n", -1)));
    }

    private String spliced(String before) {
        String other = one(others);
        return before + other.substring(random.nextInt(other.length()));
    }

    private String numberReplaced(String text) {
        List<Integer> starts = new ArrayList<>();
        for (int i = 0; i < text.length(); i++) {
            if (isDigit(text, i) && !isDigit(text, i - 1)) {
                starts.add(i);
            }
        }
        if (starts.isEmpty()) {
            return text + one(FuzzCorpus.NUMBERS);
        }
        int start = one(starts);
        int end = start;
        while (isDigit(text, end)) {
            end++;
        }
        return text.substring(0, start) + one(FuzzCorpus.NUMBERS) + text.substring(end);
    }

    private static boolean isDigit(String text, int at) {
        return at >= 0 && at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    /** Cuts a message where the network might; most often not at all. */
    List<String> pieces(String message) {
        List<String> pieces = new ArrayList<>();
        String rest = message;
        for (int count = random.nextInt(MOST_PIECES) * random.nextInt(2); count > 0 && rest.length() > 1; count--) {
            int cut = 1 + random.nextInt(rest.length() - 1);
            pieces.add(rest.substring(0, cut));
            rest = rest.substring(cut);
        }
        pieces.add(rest);
        return pieces;
    }

    private <T> T one(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
