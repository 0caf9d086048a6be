package ai.irmb.track;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
@net.jqwik.api.Tag("fast")
class AssignmentTest {
  @Test
  void bestPairsTogetherAreNotTheBestOneFirst() {
    assertArrayEquals(
        new int[] {1, 0}, Assignment.maximize(new double[][] {{0.9, 0.8}, {0.8, 0.1}}));
  }

  @Test
  void pairWithoutAGainIsNone() {
    assertArrayEquals(
        new int[] {-1, 0}, Assignment.maximize(new double[][] {{-0.1, 0}, {0.2, -1}}));
    assertArrayEquals(new int[0], Assignment.maximize(new double[0][0]));
    assertArrayEquals(new int[] {-1, -1}, Assignment.maximize(new double[2][0]));
  }

  @Property(tries = 500)
  void noOtherPairsGainMore(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 6) int rows,
      @ForAll @IntRange(min = 0, max = 6) int columns) {
    Random random = new Random(seed);
    double[][] gains = new double[rows][columns];
    for (double[] row : gains) {
      for (int c = 0; c < columns; c++) {
        // Few values, so that there are ties.
        row[c] = (random.nextInt(9) - 3) / 4.0;
      }
    }
    int[] columnOf = Assignment.maximize(gains);
    double sum = 0;
    Set<Integer> taken = new HashSet<>();
    for (int row = 0; row < rows; row++) {
      if (columnOf[row] >= 0) {
        assertTrue(taken.add(columnOf[row]));
        assertTrue(gains[row][columnOf[row]] > 0);
        sum += gains[row][columnOf[row]];
      }
    }
    assertEquals(most(gains, 0, new boolean[columns]), sum, 1e-9);
  }

  /** By trying all. */
  private static double most(double[][] gains, int row, boolean[] taken) {
    if (row == gains.length) {
      return 0;
    }
    double most = most(gains, row + 1, taken);
    for (int c = 0; c < taken.length; c++) {
      if (!taken[c]) {
        taken[c] = true;
        most = Math.max(most, gains[row][c] + most(gains, row + 1, taken));
        taken[c] = false;
      }
    }
    return most;
  }
}
