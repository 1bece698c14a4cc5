package dev.buzon.benchmark;

import java.math.BigDecimal;

/** What a figure has to be, and what it is meant to be. */
record Target(double bound, double aim, boolean moreIsBetter) {

    static Target atLeast(double bound, double aim) {
        return new Target(bound, aim, true);
    }

    static Target atMost(double bound, double aim) {
        return new Target(bound, aim, false);
    }

    /** One without an aim of its own. */
    static Target atLeast(double bound) {
        return atLeast(bound, bound);
    }

    String boundIn(String unit) {
        return (moreIsBetter ? "≥ " : "≤ ") + plain(bound) + unit;
    }

    String aimIn(String unit) {
        return hasAim() ? plain(aim) + unit : Report.NONE;
    }

    String judge(double figure) {
        if (hasAim() && reaches(figure, aim)) {
            return "held, and the aim";
        }
        return reaches(figure, bound) ? "held" : "**missed**";
    }

    private boolean hasAim() {
        return bound != aim;
    }

    private boolean reaches(double figure, double wanted) {
        return moreIsBetter ? figure >= wanted : figure <= wanted;
    }

    private static String plain(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }
}
