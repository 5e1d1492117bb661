package adit.cli;

import java.util.List;

/** What somebody probably meant. */
final class Suggestion {
    private Suggestion() {}

    /** The nearest of the known words, null when none is near enough to be meant. */
    static String nearest(String given, List<String> known) {
        String nearest = null;
        int least = Math.max(1, Math.min(given.length(), 64) / 3) + 1;
        for (String word : known) {
            int distance = distance(given, word, least);
            if (distance < least) {
                least = distance;
                nearest = word;
            }
        }
        return nearest;
    }

    /** Insertions, deletions and replacements of a letter and swaps of two neighbours; words too different in length are not compared. */
    private static int distance(String a, String b, int limit) {
        if (Math.abs(a.length() - b.length()) >= limit) {
            return limit;
        }
        int[][] costs = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                costs[i][j] = i == 0 || j == 0 ? i + j : cost(a, b, i, j, costs);
            }
        }
        return costs[a.length()][b.length()];
    }

    private static int cost(String a, String b, int i, int j, int[][] costs) {
        char last = Character.toLowerCase(a.charAt(i - 1));
        char other = Character.toLowerCase(b.charAt(j - 1));
        int replaced = costs[i - 1][j - 1] + (last == other ? 0 : 1);
        int cost = Math.min(replaced, Math.min(costs[i - 1][j], costs[i][j - 1]) + 1);
        if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
            cost = Math.min(cost, costs[i - 2][j - 2] + 1);
        }
        return cost;
    }
}
