package dev.buzon.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** What a run of the benchmark has to say, as tables of Markdown: figures against targets, and all that was measured. */
final class Report {

    static final String NONE = "–";

    private final List<String> targets = new ArrayList<>();
    private final List<String> details = new ArrayList<>();
    private double peak;
    private boolean failed;

    /** A figure, with as many decimals as tell something. */
    static String number(double figure) {
        return String.format(
                Locale.ROOT, Math.abs(figure) < 10 ? "%.2f" : Math.abs(figure) < 100 ? "%.1f" : "%.0f", figure);
    }

    /** How many times better than a rival. */
    void ratio(String work, String buzon, String rival, double ratio, Target target) {
        judge(work, buzon, rival, number(ratio) + "×", "×", ratio, target);
    }

    /** A figure that has a bound of its own. */
    void bound(String work, double figure, String unit, Target target) {
        judge(work, number(figure) + unit, NONE, NONE, unit, figure, target);
    }

    private void judge(
            String work, String buzon, String rival, String ratio, String unit, double figure, Target target) {
        targets.add(row(work, buzon, rival, ratio, target.boundIn(unit), target.aimIn(unit), target.judge(figure)));
    }

    void failure(String work, String who, String why) {
        failed = true;
        targets.add(row(
                work,
                who,
                NONE,
                NONE,
                NONE,
                NONE,
                "**failed**: " + why.replace('|', '/').replace('\n', ' ')));
    }

    /**
     * Whatever else was measured of one of them, for those who want to know more; where it failed, that.
     *
     * @return whether there are figures of it
     */
    boolean detail(String work, Contestant who, Function<Figures, String> figures) {
        if (who.failed()) {
            failure(work, who.name(), who.failure());
            return false;
        }
        double most = who.figures().max("peak-mb");
        if (who.name().startsWith(Buzon.NAME)) {
            peak = Math.max(peak, most);
        }
        details.add(row(work, who.name(), figures.apply(who.figures()), number(most) + " MB"));
        return true;
    }

    boolean hasFailed() {
        return failed;
    }

    /** At the end: a bound on the most memory that Buzón held in any work. */
    void boundPeak(Target target) {
        if (peak > 0) {
            bound("peak memory, any work", peak, " MB", target);
        }
    }

    String markdown(String heading) {
        List<String> lines = new ArrayList<>(List.of(heading, ""));
        lines.add(row("work", Buzon.NAME, "rival", "ratio", "at least", "aim", ""));
        lines.add(row("---", "---", "---", "---", "---", "---", "---"));
        lines.addAll(targets);
        lines.addAll(List.of("", row("work", "who", "figures", "peak memory"), row("---", "---", "---", "---")));
        lines.addAll(details);
        return String.join("\n", lines) + "\n";
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", Arrays.asList(cells)) + " |";
    }
}
