package ai.irmb.internal.error;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Suggestions for names that are unknown, probably because of a typing error. */
public final class Suggestions {
  private static final int MAX_LENGTH = 80;
  private static final int MAX_SUGGESTIONS = 3;

  private Suggestions() {}

  /** {@return {@code ; did you mean a or b?} with the names that are close, or an empty text} */
  public static String didYouMean(String given, Collection<String> known) {
    List<String> close = closest(given, known);
    if (close.isEmpty()) {
      return "";
    }
    String last = close.get(close.size() - 1);
    String others = String.join(", ", close.subList(0, close.size() - 1));
    return "; did you mean " + (others.isEmpty() ? "" : others + " or ") + last + "?";
  }

  private static List<String> closest(String given, Collection<String> known) {
    if (given.length() > MAX_LENGTH) {
      return List.of();
    }
    record Candidate(String name, int distance) {}
    String lower = given.toLowerCase(Locale.ROOT);
    int max = Math.max(1, given.replaceAll("^-+", "").length() / 3);
    return known.stream()
        .filter(name -> name.length() <= MAX_LENGTH)
        .map(name -> new Candidate(name, distance(lower, name.toLowerCase(Locale.ROOT), max)))
        .filter(c -> c.distance() <= max)
        .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
        .limit(MAX_SUGGESTIONS)
        .map(Candidate::name)
        .toList();
  }

  /**
   * {@return the number of insertions, deletions, replacements and exchanges of neighbors that turn
   * one text into another; 1 if one begins with the other}
   */
  private static int distance(String a, String b, int max) {
    if (a.length() > 3 && (b.startsWith(a) || (a.startsWith(b) && b.length() > 3))) {
      return 1;
    }
    if (Math.abs(a.length() - b.length()) > max) {
      return Integer.MAX_VALUE;
    }
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(replaced, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        boolean isExchanged =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (isExchanged) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
