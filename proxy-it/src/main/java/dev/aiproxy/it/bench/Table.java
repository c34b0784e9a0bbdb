package dev.aiproxy.it.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The figures of one scenario, one per proxy, column and round, and what they come to. */
final class Table {
    private static final String OURS = "ours";

    private final String title;
    private final Map<Column, Map<String, List<Double>>> rounds = new LinkedHashMap<>();
    private final Set<String> proxies = new LinkedHashSet<>();
    private final Set<String> notes = new LinkedHashSet<>();

    Table(String title) {
        this.title = title;
    }

    void add(String proxy, Column column, double value) {
        proxies.add(proxy);
        rounds.computeIfAbsent(column, key -> new LinkedHashMap<>())
                .computeIfAbsent(proxy, key -> new ArrayList<>())
                .add(value);
    }

    void note(String note) {
        notes.add(note);
    }

    String markdown() {
        StringBuilder text = new StringBuilder("### " + title + "\n\n| proxy |");
        StringBuilder rule = new StringBuilder("|---|");
        for (Column column : rounds.keySet()) {
            text.append(' ').append(column.title()).append(column.withRatio() ? " | ours ÷ this |" : " |");
            rule.append(column.withRatio() ? "---:|---:|" : "---:|");
        }
        text.append('\n').append(rule).append('\n');
        for (String proxy : proxies) {
            text.append("| ").append(proxy).append(" |");
            rounds.keySet().forEach(column -> text.append(cells(column, proxy)));
            text.append('\n');
        }
        notes.forEach(note -> text.append("\n- ").append(note));
        return text.append('\n').toString();
    }

    private String cells(Column column, String proxy) {
        double[] values = values(column, proxy);
        String range = values.length < 2
                ? ""
                : " (" + number(quantile(values, 0), column.decimals()) + "–"
                        + number(quantile(values, 1), column.decimals()) + ")";
        String cell = " " + number(quantile(values, 0.5), column.decimals()) + range + " |";
        return column.withRatio() ? cell + " " + ratio(column, proxy) + " |" : cell;
    }

    /** The median of the rounds' ratios: two figures of one round saw the same noise. */
    private String ratio(Column column, String proxy) {
        double[] ours = allRounds(column, OURS);
        double[] theirs = allRounds(column, proxy);
        double[] ratios = IntStream.range(0, Math.min(ours.length, theirs.length))
                .mapToDouble(round -> ours[round] / theirs[round])
                .filter(Double::isFinite)
                .toArray();
        return proxy.equals(OURS) ? "1" : number(quantile(ratios, 0.5), 2);
    }

    private double[] values(Column column, String proxy) {
        return Arrays.stream(allRounds(column, proxy)).filter(Double::isFinite).toArray();
    }

    private double[] allRounds(Column column, String proxy) {
        List<Double> values = rounds.get(column).getOrDefault(proxy, List.of());
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double quantile(double[] values, double share) {
        double[] sorted = DoubleStream.of(values).sorted().toArray();
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double at = share * (sorted.length - 1);
        double low = sorted[(int) Math.floor(at)];
        double high = sorted[(int) Math.ceil(at)];
        return low + (high - low) * (at - Math.floor(at));
    }

    private static String number(double value, int decimals) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
